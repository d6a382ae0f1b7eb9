#include "gopack/release/platform.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "gopack/release/platform_names.hpp"
#include "support/thrown.hpp"

namespace gopack::release {
namespace {

TEST(Platform, ReadsBothSpellings) {
  for (const char* text : {"linux/amd64", "linux-amd64"}) {
    EXPECT_EQ(Platform::try_parse(text), (Platform{"linux", "amd64"})) << text;
  }
  const Platform windows{"windows", "386"};
  EXPECT_EQ(windows.text(), "windows/386");
  EXPECT_EQ(windows.directory(), "windows_386");
  EXPECT_EQ(windows.executable_suffix(), ".exe");
  EXPECT_EQ(Platform::host().executable_suffix(), "");
  for (const char* bad : {"", "linux", "linux/", "/amd64", "linux_amd64", "Linux/amd64", "linux/amd64/v2",
                          "linux-amd64-osx10", "../x"}) {
    EXPECT_EQ(Platform::try_parse(bad), std::nullopt) << bad;
  }
  EXPECT_EQ(Platform::try_parse(Platform::host().text()), Platform::host());
}

TEST(Platform, ParseSaysWhatIsNoPlatform) {
  EXPECT_EQ(Platform::parse("linux/amd64"), (Platform{"linux", "amd64"}));
  EXPECT_EQ(test::thrown([] { Platform::parse("linux"); }).text(), "\"linux\" is not a platform of Go");
}

TEST(Platform, IsKnownWhereSomeReleaseBuildsForIt) {
  for (const char* known : {"linux/amd64", "windows/arm", "wasip1/wasm", "js/wasm", "linux/loong64"})
    EXPECT_TRUE(is_known(*Platform::try_parse(known))) << known;
  for (const char* unknown : {"widows/amd64", "windows/ppc64", "linux/wasm", "wasm/js"})
    EXPECT_FALSE(is_known(*Platform::try_parse(unknown))) << unknown;
  EXPECT_TRUE(std::is_sorted(known_platforms().begin(), known_platforms().end()));
}

TEST(Platform, IsSuggestedByWhatPeopleWrite) {
  const struct {
    const char* text;
    const char* hint;
  } rows[] = {
      {"win/amd64", "did you mean windows/amd64?"},
      {"widows/amd64", "did you mean windows/amd64?"},
      {"windows-x86_64", "did you mean windows/amd64?"},
      {"macos/aarch64", "did you mean darwin/arm64?"},
      {"linux/x64", "did you mean linux/amd64?"},
      {"linux/amd46", "did you mean linux/amd64?"},
      {"mac", "did you mean darwin/amd64 or darwin/arm64?"},
      {"darwin/riscv64", "did you mean darwin/amd64 or darwin/arm64?"},
  };
  for (const auto& row : rows) {
    const auto error = unknown_platform(row.text, "target", known_platforms());
    EXPECT_EQ(error.hint(), row.hint) << row.text;
    EXPECT_EQ(error.text(), std::string("\"") + row.text + "\" is not a target");
  }
  EXPECT_TRUE(
      unknown_platform("beos/amd64", "target", known_platforms()).hint().starts_with("write GOOS/GOARCH"));
}

TEST(CommandDirectory, IsBinUnlessAnotherCommandHasTheName) {
  const Platform linux{"linux", "amd64"};
  const Platform arm{"linux", "arm64"};
  const Platform darwin{"darwin", "arm64"};
  const Platform windows{"windows", "amd64"};
  EXPECT_EQ(command_directory(linux, {linux}), "bin");
  EXPECT_EQ(command_directory(linux, {linux, windows}), "bin");
  EXPECT_EQ(command_directory(windows, {linux, windows}), "bin");
  EXPECT_EQ(command_directory(linux, {arm, linux}), "bin/linux_amd64");
  EXPECT_EQ(command_directory(darwin, {darwin, linux, windows}), "bin/darwin_arm64");
  EXPECT_EQ(command_directory(windows, {darwin, linux, windows}), "bin");
}

TEST(CommandDirectory, OneOfSeveralForWindowsStaysInBin) {
  const Platform amd64{"windows", "amd64"};
  const Platform arm64{"windows", "arm64"};
  const Platform old{"windows", "386"};
  EXPECT_EQ(command_directory(amd64, {amd64, arm64, old}), "bin");
  EXPECT_EQ(command_directory(arm64, {amd64, arm64, old}), "bin/windows_arm64");
  EXPECT_EQ(command_directory(old, {amd64, arm64, old}), "bin/windows_386");
  EXPECT_EQ(command_directory(old, {arm64, old}), "bin");
  EXPECT_EQ(command_directory(arm64, {arm64, old}), "bin/windows_arm64");
}

TEST(ChoosePlatform, TakesTheBestThatRuns) {
  const auto platform = [](const char* text) { return *Platform::try_parse(text); };
  const auto chosen = [&](const char* host, std::initializer_list<const char*> names) {
    std::vector<Platform> platforms;
    for (const auto* name : names) platforms.push_back(platform(name));
    const auto found = choose_platform(platforms, platform(host));
    return found ? found->text() : std::string();
  };
  EXPECT_EQ(chosen("linux/amd64", {"linux/386", "linux/amd64"}), "linux/amd64");
  EXPECT_EQ(chosen("linux/amd64", {"linux/386", "windows/amd64"}), "linux/386");
  EXPECT_EQ(chosen("linux/386", {"linux/amd64"}), "");
  EXPECT_EQ(chosen("linux/arm64", {"linux/arm", "linux/amd64"}), "linux/arm");
  EXPECT_EQ(chosen("darwin/arm64", {"darwin/amd64"}), "darwin/amd64");
  EXPECT_EQ(chosen("darwin/amd64", {"darwin/386", "darwin/arm64"}), "");
  EXPECT_EQ(chosen("windows/arm64", {"windows/386", "windows/amd64"}), "windows/amd64");
  EXPECT_EQ(chosen("freebsd/arm64", {"freebsd/arm"}), "");
  EXPECT_EQ(chosen("linux/loong64", {}), "");
}

}  // namespace
}  // namespace gopack::release
