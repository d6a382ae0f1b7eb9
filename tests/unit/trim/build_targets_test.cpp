#include "gopack/trim/build_targets.hpp"

#include <gtest/gtest.h>

namespace gopack::trim {
namespace {

using release::Platform;

BuildTargets targets(std::string_view version, const std::vector<std::string>& platforms) {
  std::vector<Platform> parsed;
  for (const auto& text : platforms) parsed.push_back(Platform::try_parse(text).value());
  return {release::Version::try_parse(version).value(), std::move(parsed), {"race"}};
}

bool keeps(const BuildTargets& targets, const std::string& constraint) {
  return targets.can_compile("src/p/p.go", "//go:build " + constraint + "\n\npackage p\n");
}

TEST(BuildTargets, AFileIsForTheTargetsThatCanCompileIt) {
  const auto desktop = targets("1.22.1", {"linux/amd64", "windows/arm64"});
  EXPECT_TRUE(keeps(desktop, "linux"));
  EXPECT_TRUE(keeps(desktop, "windows && arm64"));
  EXPECT_FALSE(keeps(desktop, "windows && amd64"));
  EXPECT_FALSE(keeps(desktop, "plan9"));
  EXPECT_TRUE(desktop.can_compile("src/os/exec_windows.go", ""));
  EXPECT_FALSE(desktop.can_compile("src/os/exec_darwin.go", ""));
  EXPECT_EQ(desktop.text(), "linux/amd64, windows/arm64");
}

TEST(BuildTargets, WithoutTargetsAllSystemsCount) {
  const auto all = targets("1.22.1", {});
  EXPECT_TRUE(keeps(all, "plan9 && mips"));
  EXPECT_FALSE(keeps(all, "!go1.21"));
  EXPECT_EQ(all.text(), "all");
}

TEST(BuildTargets, TheReleaseSaysItsTags) {
  const auto linux_118 = targets("1.18.10", {"linux/amd64"});
  const auto linux_122 = targets("1.22.1", {"linux/amd64"});
  EXPECT_TRUE(keeps(linux_118, "go1.18"));
  EXPECT_FALSE(keeps(linux_118, "go1.19"));
  EXPECT_FALSE(keeps(linux_122, "!go1.21"));
  EXPECT_FALSE(keeps(linux_118, "unix"));  // a tag from Go 1.19 on
  EXPECT_TRUE(keeps(linux_122, "unix"));
  EXPECT_FALSE(keeps(targets("1.22.1", {"windows/amd64"}), "unix"));
  EXPECT_TRUE(linux_118.can_compile("src/p/p_wasip1.go", ""));  // a system from Go 1.21 on
  EXPECT_FALSE(linux_122.can_compile("src/p/p_wasip1.go", ""));
}

TEST(BuildTargets, SomeSystemsImplyOthers) {
  EXPECT_TRUE(keeps(targets("1.22.1", {"android/arm64"}), "linux"));
  EXPECT_TRUE(keeps(targets("1.22.1", {"ios/arm64"}), "darwin"));
  EXPECT_TRUE(keeps(targets("1.22.1", {"illumos/amd64"}), "solaris"));
  EXPECT_TRUE(targets("1.22.1", {"android/arm64"}).can_compile("src/p/p_linux.go", ""));
}

TEST(BuildTargets, TagsThatABuildMaySetCountBothWays) {
  const auto linux = targets("1.22.1", {"linux/amd64"});
  for (const char* tag : {"cgo", "purego", "netgo", "goexperiment.rangefunc", "amd64.v3"}) {
    EXPECT_TRUE(keeps(linux, tag)) << tag;
    EXPECT_TRUE(keeps(linux, std::string("!") + tag)) << tag;
  }
  for (const char* tag : {"race", "ignore", "gccgo", "compiler_bootstrap"})
    EXPECT_FALSE(keeps(linux, tag)) << tag;
}

TEST(BuildTargets, AreAboutSourcesOfTheStandardLibrary) {
  for (const char* path :
       {"src/os/exec.go", "src/runtime/asm.s", "src/runtime/race/race_linux.syso", "src/p/h.h"})
    EXPECT_TRUE(BuildTargets::applies_to(path)) << path;
  for (const char* path : {"src/cmd/go/main.go", "src/p/testdata/p.go", "lib/time/zoneinfo.zip",
                           "src/p/p.json", "pkg/include/textflag.h", "src/go.mod"})
    EXPECT_FALSE(BuildTargets::applies_to(path)) << path;
}

}  // namespace
}  // namespace gopack::trim
