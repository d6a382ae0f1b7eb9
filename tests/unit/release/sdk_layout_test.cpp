#include "gopack/release/sdk_layout.hpp"

#include <gtest/gtest.h>

#include "gopack/release/shared_commands.hpp"
#include "gopack/tree/memory_tree.hpp"
#include "support/thrown.hpp"

namespace gopack::release {
namespace {

using Files = std::map<std::string, tree::MemoryTree::Node>;

const Platform kLinux{"linux", "amd64"};
const Platform kDarwin{"darwin", "arm64"};
const Platform kWindows{"windows", "amd64"};

TEST(IsExecutable, IsTheRuleOfDistpack) {
  for (const char* path :
       {"bin/go", "bin/linux_amd64/go", "pkg/tool/linux_amd64/compile", "src/make.bash", "src/run.rc",
        "lib/codereview/x.sh", "src/cmd/x.pl", "lib/wasm/go_js_wasm_exec", "misc/go_android_arm64_exec"}) {
    EXPECT_TRUE(is_executable(tree::RelPath(path))) << path;
  }
  for (const char* path :
       {"VERSION", "binary", "src/bin/go", "pkg/include/textflag.h", "pkg/toolbox", "src/make.bat", "a.shx",
        "misc/go_exec", "misc/go_android_exec", "misc/go__exec", "misc/go_js_wasm_exec/main.go"}) {
    EXPECT_FALSE(is_executable(tree::RelPath(path))) << path;
  }
}

TEST(IsOutsideModule, IsTheRuleOfDistpack) {
  for (const char* path : {"api/go1.txt", "doc/", "misc/wasm/wasm_exec.js", "test/x/y"})
    EXPECT_TRUE(is_outside_module(path)) << path;
  for (const char* path : {"doc", "src/doc/x", "docs/x", "lib/wasm/wasm_exec.js", ""})
    EXPECT_FALSE(is_outside_module(path)) << path;
}

// The files of one archive, laid out for `platform` in a tree for `platforms`; the archive's own bits are
// wrong.
Files lay_out(const std::vector<const char*>& paths, const Platform& platform,
              const std::vector<Platform>& platforms, bool is_module) {
  tree::MemoryTree tree;
  SdkLayout layout(tree, platform, platforms, is_module);
  for (const char* path : paths) {
    const tree::RelPath name(path);
    MemorySource content(name.text());
    layout.add({name, !is_executable(name), name.text().size()}, content);
  }
  return tree.files();
}

TEST(SdkLayout, LeavesAnOfficialArchiveInPlaceAndRestoresBits) {
  EXPECT_EQ(
      lay_out({"bin/go", "VERSION", "src/make.bash", "src/go.mod", "src/x/_go.mod"}, kLinux, {kLinux}, false),
      (Files{{"bin/go", {true, "bin/go"}},
             {"VERSION", {false, "VERSION"}},
             {"src/make.bash", {true, "src/make.bash"}},
             {"src/go.mod", {false, "src/go.mod"}},
             {"src/x/_go.mod", {false, "src/x/_go.mod"}}}));
}

TEST(SdkLayout, AModuleBecomesTheSameTreeAsTheArchive) {
  EXPECT_EQ(
      lay_out({"go.mod", "bin/go", "src/_go.mod", "src/cmd/_go.mod", "_go.mod"}, kLinux, {kLinux}, true),
      (Files{{"bin/go", {true, "bin/go"}},
             {"src/go.mod", {false, "src/_go.mod"}},
             {"src/cmd/go.mod", {false, "src/cmd/_go.mod"}},
             {"go.mod", {false, "_go.mod"}}}));
  EXPECT_EQ(toolchain_module_root(Version::try_parse("1.22.5").value(), kLinux),
            "golang.org/toolchain@v0.0.1-go1.22.5.linux-amd64");
}

TEST(ReleaseTime, IsThatOfTheVersionFile) {
  EXPECT_EQ(parse_release_time("go1.22.5\ntime 2024-07-02T16:00:00Z\n"), 1719936000);
  EXPECT_EQ(parse_release_time("go1.22.5\ntime 1969-12-31T23:59:59Z\n"), -1);
  for (const char* other : {"", "go1.20.14", "go1.22.5\ntime soon\n", "go1.22.5\ntime 2024-13-02T16:00:00Z\n",
                            "go1.22.5\ntime 2024-07-02T16:00:00+01:00\n", "time 2024-07-02T16:00:00Z"}) {
    EXPECT_EQ(parse_release_time(other), std::nullopt) << other;
  }
}

// Else go.mod and _go.mod of one directory would be the same file.
TEST(SdkLayout, RefusesAModuleInsideAModule) {
  const auto error = test::thrown([] { lay_out({"src/_go.mod", "src/go.mod"}, kLinux, {kLinux}, true); });
  EXPECT_EQ(error.kind(), ErrorKind::unsafe);
  EXPECT_EQ(error.text(),
            "cannot accept the archive's entry \"src/go.mod\": a module has go.mod at its top alone");
}

TEST(SdkLayout, RefusesWhatIsNoRelease) {
  tree::MemoryTree tree;
  SdkLayout layout(tree, kLinux, {kLinux}, false);
  MemorySource content("x");
  layout.add({tree::RelPath("src/VERSION"), false, 1}, content);
  EXPECT_EQ(test::thrown([&] { layout.require_release(); }).kind(), ErrorKind::unsafe);
  const tree::Entry large{tree::RelPath("VERSION"), false, kLargestVersionFile + 1};
  EXPECT_EQ(test::thrown([&] { layout.add(large, content); }).kind(), ErrorKind::unsafe);
  layout.add({tree::RelPath("VERSION"), false, kLargestVersionFile}, content);
  EXPECT_NO_THROW(layout.require_release());
}

TEST(SdkLayout, CommandsThatWouldCollideGetTheirOwnDirectory) {
  const std::vector<Platform> all = {kDarwin, kLinux, kWindows};
  EXPECT_EQ(lay_out({"bin/go", "bin/sub/x"}, kLinux, all, false),
            (Files{{"bin/linux_amd64/go", {true, "bin/go"}}, {"bin/sub/x", {true, "bin/sub/x"}}}));
  EXPECT_EQ(lay_out({"bin/go"}, kDarwin, all, true), (Files{{"bin/darwin_arm64/go", {true, "bin/go"}}}));
  EXPECT_EQ(lay_out({"bin/go.exe"}, kWindows, all, false), (Files{{"bin/go.exe", {true, "bin/go.exe"}}}));
}

TEST(SharedCommands, StandWhereSeveralUnixPlatformsHaveTheirOwn) {
  const auto names = [](const std::vector<Platform>& platforms) {
    tree::MemoryTree tree;
    add_shared_commands(platforms, tree);
    std::string text;
    for (const auto& [path, node] : tree.files()) {
      EXPECT_TRUE(node.executable && node.content.starts_with("#!/bin/sh\n")) << path;
      text += path + " ";
    }
    return text;
  };
  EXPECT_EQ(names({kDarwin, kLinux, kWindows}), "bin/go bin/gofmt ");
  EXPECT_EQ(names({kDarwin, kLinux}), "bin/go bin/gofmt ");
  EXPECT_EQ(names({kLinux, kWindows}), "");
  EXPECT_EQ(names({kWindows, {"windows", "arm64"}}), "");
  EXPECT_EQ(names({kLinux}), "");
}

}  // namespace
}  // namespace gopack::release
