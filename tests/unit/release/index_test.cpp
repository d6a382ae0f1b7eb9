#include "gopack/release/index.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "support/temp_dir.hpp"
#include "support/thrown.hpp"

namespace gopack::release {
namespace {

std::string data(const char* name) {
  return test::read_file(std::filesystem::path(GOPACK_TEST_DATA) / name);
}

std::map<std::string, ReleaseFile> by_name(const std::vector<ReleaseFile>& files) {
  std::map<std::string, ReleaseFile> map;
  for (const auto& file : files) EXPECT_TRUE(map.emplace(file.filename, file).second) << file.filename;
  return map;
}

TEST(ParseFilename, ReadsArchives) {
  struct Row {
    const char* filename;
    const char* version;
    const char* platform;
  };
  const Row rows[] = {{"go1.22.5.linux-amd64.tar.gz", "go1.22.5", "linux/amd64"},
                      {"go1.22.5.windows-386.zip", "go1.22.5", "windows/386"},
                      {"go1.13.6.linux-armv6l.tar.gz", "go1.13.6", "linux/arm"},
                      {"go1.6beta1.linux-arm6.tar.gz", "go1.6beta1", "linux/arm"},
                      {"go1.21rc2.linux-arm.tar.gz", "go1.21rc2", "linux/arm"},
                      {"go1.20.freebsd-amd64.tar.gz", "go1.20", "freebsd/amd64"},
                      {"go1.21.0.linux-ppc64le.tar.gz", "go1.21.0", "linux/ppc64le"},
                      {"go1.14rc1.darwin-amd64.tar.gz", "go1.14rc1", "darwin/amd64"}};
  for (const auto& row : rows) {
    const auto file = parse_filename(row.filename);
    ASSERT_TRUE(file) << row.filename;
    EXPECT_EQ(file->filename, row.filename);
    EXPECT_EQ(file->version.name(), row.version);
    EXPECT_EQ(file->platform.text(), row.platform);
    EXPECT_EQ(file->sha256, std::nullopt);
  }
}

TEST(ParseFilename, PassesOverEverythingElse) {
  for (const char* name :
       {"go1.13.7.src.tar.gz", "go1.4-bootstrap-20170531.tar.gz", "go1.4.2.darwin-386-osx10.8.tar.gz",
        "go1.13.6.darwin-amd64.pkg", "go1.13.6.windows-amd64.msi", "go1.20.0.linux-amd64.tar.gz",
        "go1.22.linux-amd64.tar.gz", "1.22.5.linux-amd64.tar.gz", "go1.22.5.linux-amd64.tar.gz.asc",
        "go1.22.5.linux-amd64.tar.gz.sha256", "go1.22.5.tar.gz", ".tar.gz", "", "../go1.22.5.linux-amd64.zip",
        "go1.22.5.linux/amd64.zip", "v0.0.1-go1.22.5.linux-amd64.zip"}) {
    EXPECT_EQ(parse_filename(name), std::nullopt) << name;
  }
}

TEST(ParseToolchainFilename, ReadsModulesOnly) {
  const auto file = parse_toolchain_filename("v0.0.1-go1.22.5.linux-arm.zip");
  ASSERT_TRUE(file);
  EXPECT_EQ(file->version.name(), "go1.22.5");
  EXPECT_EQ(file->platform.text(), "linux/arm");
  for (const char* name :
       {"go1.22.5.linux-amd64.zip", "v0.0.2-go1.22.5.linux-amd64.zip", "v0.0.1-go1.22.5.linux-amd64.mod",
        "v0.0.1-go1.22.linux-amd64.zip", "v0.0.1-.zip", "v0.0.1-go1.22.5.linux-amd64.tar.gz"}) {
    EXPECT_EQ(parse_toolchain_filename(name), std::nullopt) << name;
  }
}

TEST(ParseIndex, ReadsTheGenuineIndexOfJanuary2020) {
  const auto files = parse_index(data("release-index-2020.json"));
  // 923 archives less 32 for certain releases of OS X and 2 bootstraps.
  EXPECT_EQ(files.size(), 889u);
  const auto count = [&](auto predicate) { return std::count_if(files.begin(), files.end(), predicate); };
  EXPECT_EQ(count([](auto& f) { return !f.sha256; }), 70);
  EXPECT_EQ(count([](auto& f) { return f.size == 0; }), 46);
  EXPECT_EQ(count([](auto& f) { return f.version.name() == "go1.14rc1"; }), 11);
  const auto arm = by_name(files).at("go1.13.6.linux-armv6l.tar.gz");
  EXPECT_EQ(arm.platform.text(), "linux/arm");
  EXPECT_EQ(arm.size, 98'280'955u);
}

TEST(ParseIndex, GivesTheDigestsThatWerePublished) {
  const auto files = by_name(parse_index(data("release-index-2020.json")));
  std::istringstream lines(data("sha256-sample.tsv"));
  int checked = 0;
  for (std::string name, hex; lines >> name >> hex;) {
    if (!parse_filename(name)) continue;  // the sources
    EXPECT_EQ(files.at(name).sha256.value().hex(), hex) << name;
    ++checked;
  }
  EXPECT_EQ(checked, 11);
}

TEST(ParseIndex, TheOrderDoesNotMatter) {
  const auto text = data("release-index-2020.json");
  auto json = nlohmann::json::parse(text);
  std::reverse(json.begin(), json.end());
  for (auto& release : json) std::reverse(release["files"].begin(), release["files"].end());
  EXPECT_EQ(by_name(parse_index(json.dump())), by_name(parse_index(text)));
}

TEST(ParseIndex, PassesOverFieldsAndKindsItDoesNotKnow) {
  const auto files = parse_index(R"([{"version": "go1.99.1", "news": {}, "files": [
      {"filename": "go1.99.1.linux-amd64.tar.gz", "kind": "archive", "eol": "2030"},
      {"filename": "go1.99.1.linux-amd64.sbom", "kind": "sbom"}, 7]}])");
  ASSERT_EQ(files.size(), 1u);
  EXPECT_EQ(files[0].size, 0u);
  EXPECT_EQ(files[0].sha256, std::nullopt);
  EXPECT_TRUE(parse_index("[]").empty());
}

// An index with one entry, whose fields after kind and filename are `fields`.
std::string index_with(const std::string& fields,
                       const std::string& filename = "go1.22.5.linux-amd64.tar.gz") {
  return R"([{"version": "go1.22.5", "files": [{"kind": "archive", "filename": ")" + filename + "\"" +
         fields + "}]}]";
}

std::string nested(int levels) {
  return R"([{"news": )" + std::string(static_cast<std::size_t>(levels), '[') +
         std::string(static_cast<std::size_t>(levels), ']') + R"(, "files": []}])";
}

TEST(ParseIndex, TakesWhatIsHarmless) {
  EXPECT_EQ(parse_index("\xef\xbb\xbf" + index_with("")).size(), 1u);
  EXPECT_TRUE(parse_index(nested(30)).empty());
  EXPECT_EQ(parse_index(index_with(R"(, "size": 1099511627776)")).at(0).size, 1ull << 40);
  for (const char* name :
       {"../../x", "/etc/passwd", "../go1.22.5.linux-amd64.tar.gz", "x/go1.22.5.linux-amd64.zip",
        "go1.22.5.linux-amd64.tar.gz\\u0000.zip", "go1.22.5.linux-amd64\\n.zip", "go1.22.5.LINUX-amd64.zip",
        "go1.22.5.linux-..zip", "go1.22.5.C:-amd64.zip", ""}) {
    EXPECT_TRUE(parse_index(index_with("", name)).empty()) << name;
  }
}

TEST(ParseIndex, ReadsDirectoryListings) {
  const auto files = parse_index(R"([{"name": "old", "type": "directory"},
    {"name": "go1.22.5.linux-amd64.tar.gz", "type": "file", "size": 12},
    {"name": "go1.22.5.windows-amd64.zip", "size": "1 MB"}])");
  ASSERT_EQ(files.size(), 2u);
  EXPECT_EQ(files[0].filename, "go1.22.5.linux-amd64.tar.gz");
  EXPECT_EQ(files[0].size, 12u);
  EXPECT_EQ(files[1].size, 0u);
  EXPECT_FALSE(files[0].sha256 || files[1].sha256);
}

TEST(ParseIndex, SaysWhatItGotInstead) {
  const std::string twice = R"({"kind": "archive", "filename": "go1.22.5.linux-amd64.tar.gz"})";
  const std::string upper(64, 'A');
  const std::pair<std::string, const char*> rows[] = {
      {"\n <!DOCTYPE html><html>", "an HTML page instead of JSON"},
      {"", "it is not valid JSON (line 1, column 1)"},
      {"[{\"version\"", "it is not valid JSON (line 1, column 12)"},
      {"{\"error\": \"no\"}", "it is not a list of releases"},
      {"[{\"version\": \"go1.22.5\"}]", "it lacks \"files\""},
      {"[7]", "a value in it is of another type"},
      {R"([{"files": [{"kind": 7}]}])", "a value in it is of another type"},
      {R"([{"files": [NaN]}])", "it is not valid JSON"},
      {R"([{"files": []}]])", "it is not valid JSON"},
      {index_with(R"(, "sha256": "12")"), "the SHA-256 of go1.22.5.linux-amd64.tar.gz is malformed"},
      {index_with(R"(, "sha256": ")" + upper + "\""),
       "the SHA-256 of go1.22.5.linux-amd64.tar.gz is malformed"},
      {index_with(R"(, "size": -1)"), "the size of go1.22.5.linux-amd64.tar.gz is malformed"},
      {index_with(R"(, "size": 1.5)"), "the size of go1.22.5.linux-amd64.tar.gz is malformed"},
      {index_with(R"(, "size": "12")"), "the size of go1.22.5.linux-amd64.tar.gz is malformed"},
      {index_with(R"(, "size": 1099511627777)"), "the size of go1.22.5.linux-amd64.tar.gz is malformed"},
      {index_with(R"(, "size": 1e400)"), "cannot read"},
      {R"([{"files": [)" + twice + "," + twice + "]}]", "it lists go1.22.5.linux-amd64.tar.gz twice"},
      {nested(31), "more than 32 levels"},
      {nested(1'000'000), "more than 32 levels"},
      {std::string(1'000'000, '['), "more than 32 levels"}};
  for (const auto& [text, reason] : rows) {
    const auto error = test::thrown([&, text = text] { parse_index(text); });
    EXPECT_EQ(error.kind(), ErrorKind::unreachable);
    EXPECT_NE(error.text().find(reason), std::string::npos) << error.text();
  }
}

}  // namespace
}  // namespace gopack::release
