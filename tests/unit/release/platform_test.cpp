#include "gopack/release/platform.hpp"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace gopack::release
