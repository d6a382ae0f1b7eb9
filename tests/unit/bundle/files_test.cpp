#include "gopack/bundle/files.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "gopack/base/process.hpp"
#include "support/temp_dir.hpp"

namespace gopack::bundle {
namespace {

TEST(BundleFiles, HoldWhatTheContractNames) {
  std::set<std::string> paths;
  std::set<std::string> settings;
  for (const auto& file : bundle_files()) {
    const auto name = file.path.text();
    EXPECT_TRUE(paths.insert(name.starts_with("go-linux-") ? "go-linux-ARCH" : name).second) << name;
    if (file.is_setting) settings.insert(file.path.text());
  }
  EXPECT_EQ(paths, (std::set<std::string>{
                       "README.txt", "choose.sh",  "config.ini",    "config.yaml", "go.bat",
                       "go.exe",     "go.sh",      "go-linux-ARCH", "goenv.bat",   "goenv.ps1",
                       "goenv.sh",   "gofmt.bat",  "gofmt.exe",     "gofmt.sh",    "shared/gopath/go.env",
                       "lacking.sh", "project.sh", "stage.sh",      "upkeep.sh",   "use.bat",
                       "use.sh"}));
  EXPECT_EQ(settings, (std::set<std::string>{"config.ini", "config.yaml", "shared/gopath/go.env"}));
}

bool is_native(std::string_view name) {
  return name.ends_with(".exe") || name.starts_with("go-");
}

TEST(BundleFiles, HaveExecutableProgramsForWindowsAndThisSystem) {
  for (const auto& file : bundle_files()) {
    if (!is_native(file.path.name())) continue;
    EXPECT_TRUE(file.executable) << file.path.name();
    EXPECT_TRUE(file.text.starts_with(file.path.name().ends_with(".exe") ? "MZ"
                                                                         : "\x7F"
                                                                           "ELF"))
        << file.path.name();
  }
}

TEST(BundleFiles, AreOfUseWhereTheirProgramsRun) {
  const std::vector<std::string> windows{"windows/amd64"};
  const std::vector<std::string> small{"linux/386", "windows/amd64"};
  const std::vector<std::string> mac{"darwin/amd64"};
  for (const char* name : {"go.sh", "go.exe", "goenv.ps1", "README.txt"})
    EXPECT_TRUE(is_of_use(name, mac)) << name;
  EXPECT_TRUE(is_of_use("go-linux-amd64", small)) << "whose kernel runs programs for 386";
  EXPECT_TRUE(is_of_use("go-darwin-arm64", mac)) << "which Rosetta runs";
  EXPECT_TRUE(is_of_use("go-darwin-amd64", mac));
  EXPECT_FALSE(is_of_use("go-linux-arm64", small));
  EXPECT_FALSE(is_of_use("go-linux-amd64", windows));
  EXPECT_FALSE(is_of_use("go-darwin-amd64", small));
}

TEST(BundleFiles, EndLinesAsTheirReadersNeedAndAreExecutableForShells) {
  for (const auto& file : bundle_files()) {
    const auto name = file.path.name();
    if (is_native(name)) continue;
    const auto lines = std::count(file.text.begin(), file.text.end(), '\n');
    EXPECT_GT(lines, 0) << name;
    EXPECT_TRUE(file.text.ends_with('\n')) << name;
    std::size_t crlf = 0;
    for (auto at = file.text.find("\r\n"); at != std::string::npos; at = file.text.find("\r\n", at + 2))
      ++crlf;
    EXPECT_EQ(crlf, name.ends_with(".bat") || name.ends_with(".ps1") ? static_cast<std::size_t>(lines) : 0u)
        << name;
    EXPECT_EQ(file.text.find("\r\r"), std::string::npos) << name;
    EXPECT_EQ(file.executable, name.ends_with(".sh")) << name;
    EXPECT_EQ(file.executable, file.text.starts_with("#!/bin/sh\n")) << name;
  }
}

class ChecksumFileTest : public ::testing::Test {
 protected:
  ChecksumFileTest() {
    tree::Manifest manifest;
    manifest.release = "go1.22.5";
    for (const char* path : {"VERSION", "src/with blank.go", "test/Äfoo.go"}) {
      manifest.files.push_back({tree::RelPath(path), false, 1, digest::hash("x")});
    }
    const auto id = manifest.id();
    for (const auto& file : manifest.files) temp_.write(id.text() + "/" + file.path.text(), "x");
    temp_.write(id.text() + ".json", manifest.to_json());
    for (const auto& file : bundle_files()) temp_.write(file.path.text(), file.text);
    temp_.write("SHA256SUMS",
                checksum_file(bundle_files(), {}, {{id, digest::hash(manifest.to_json()), manifest.files}}));
    version_ = temp_.path() / id.text() / "VERSION";
  }
  // The real sha256sum's verdict.
  int check() const {
    return run_process({"sh", "-c", "cd \"$1\" && sha256sum --check --strict --quiet SHA256SUMS 2>&1", "sh",
                        temp_.path().string()},
                       {{"PATH", "/usr/bin:/bin"}})
        .status;
  }
  test::TempDir temp_;
  std::filesystem::path version_;
};

TEST_F(ChecksumFileTest, IsAcceptedBySha256sum) {
  EXPECT_EQ(check(), 0);
  const auto sums = test::read_file(temp_.path() / "SHA256SUMS");
  const auto files = bundle_files();
  const auto listed =
      std::count_if(files.begin(), files.end(), [](const auto& file) { return !file.is_setting; });
  EXPECT_EQ(std::count(sums.begin(), sums.end(), '\n'),
            listed + 1 + 3);  // launchers and page, manifest, tree
}

TEST_F(ChecksumFileTest, LeavesSettingsToTheUserAndCoversTheRest) {
  temp_.write("config.yaml", "edited: true\n");
  EXPECT_EQ(check(), 0);
  test::write_file(version_, "y");
  EXPECT_NE(check(), 0);
  test::write_file(version_, "x");
  temp_.write("go.sh", "#!/bin/sh\n");
  EXPECT_NE(check(), 0);
}

}  // namespace
}  // namespace gopack::bundle
