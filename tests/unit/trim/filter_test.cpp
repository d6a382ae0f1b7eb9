#include "gopack/trim/filter.hpp"

#include <gtest/gtest.h>

#include "gopack/base/error.hpp"
#include "gopack/tree/memory_tree.hpp"
#include "support/temp_dir.hpp"
#include "support/thrown.hpp"

namespace gopack::trim {
namespace {

Profile load(const test::TempDir& dir, std::string_view rules) {
  const auto file = dir.write("p.yaml", "name: p\nrules:\n" + std::string(rules));
  return Profile::load(file, release::Version::try_parse("1.22.1").value());
}

void add(tree::TreeSink& sink, const std::string& path, std::string_view content = "x") {
  MemorySource source(content);
  sink.add({tree::RelPath(path), false, content.size()}, source);
}

// A source that must not be read.
class Untouchable final : public ByteSource {
 public:
  ByteView next() override {
    ADD_FAILURE() << "a dropped file was read";
    return {};
  }
};

TEST(Filter, PassesKeptFilesOnAndLeavesDroppedOnesUnread) {
  const test::TempDir dir;
  const auto profile = load(dir, "  - {drop: doc/, category: documentation, reason: r}\n");
  tree::MemoryTree kept;
  Filter filter(profile, std::nullopt, kept);
  add(filter, "src/a", "abc");
  Untouchable untouchable;
  filter.add({tree::RelPath("doc/a"), false, 5}, untouchable);
  ASSERT_EQ(kept.files().size(), 1U);
  EXPECT_EQ(kept.files().at("src/a").content, "abc");
}

TEST(Filter, SumsUpByActionAndCategory) {
  const test::TempDir dir;
  const auto profile = load(dir, R"(  - {drop: doc/, category: documentation, reason: first}
  - {drop: "*.md", category: documentation, reason: second}
  - {drop: big/, category: other, reason: r}
  - {keep: doc/keep, category: documentation, reason: kept}
)");
  tree::MemoryTree kept;
  Filter filter(profile, std::nullopt, kept);
  add(filter, "README.md", "12");
  add(filter, "doc/a", "123");
  add(filter, "doc/keep", "1234");
  add(filter, "big/a", "1234567");
  add(filter, "bin/go", "12345");
  add(filter, "bin/go", "12345");  // another platform's archive
  add(filter, "bin/gofmt", "");
  const auto table = filter.table();
  ASSERT_EQ(table.size(), 4U);
  const auto row = [&](std::size_t i) {
    const auto& r = table[i];
    return (r.action == Action::keep ? "keep " : "drop ") + r.category + " " + std::to_string(r.files) + " " +
           std::to_string(r.bytes) + " " + r.reason;
  };
  EXPECT_EQ(row(0), "keep sdk 2 5 no rule drops it");
  EXPECT_EQ(row(1), "keep documentation 1 4 kept");
  EXPECT_EQ(row(2), "drop other 1 7 r");
  EXPECT_EQ(row(3), "drop documentation 2 5 second");
}

TEST(Filter, RefusesToDropEssentialFilesAndNamesTheRule) {
  const test::TempDir dir;
  const auto profile = load(dir, R"(  - {drop: doc/, category: documentation, reason: r}
  - drop:
      - misc/
      - src/fmt/
    category: c
    reason: r
)");
  tree::MemoryTree kept;
  Filter filter(profile, std::nullopt, kept);
  add(filter, "src/fmt/print_test.go");
  try {
    add(filter, "src/fmt/print.go");
    FAIL() << "accepted";
  } catch (const Error& e) {
    EXPECT_EQ(e.kind(), ErrorKind::usage);
    EXPECT_EQ(e.text(), (dir.path() / "p.yaml").string() +
                            ":6: this rule drops src/fmt/print.go, which every Go SDK needs");
    EXPECT_FALSE(e.hint().empty());
  }
}

TEST(Filter, RefusesToBreakADeclaredCapabilityAndNamesBothLines) {
  const test::TempDir dir;
  const auto file = dir.write("p.yaml", R"(name: p
capabilities:
  - build
  - vet
rules:
  - {drop: "pkg/tool/*/vet", category: c, reason: r}
)");
  const auto profile = Profile::load(file, release::Version::try_parse("1.22.1").value());
  tree::MemoryTree kept;
  Filter filter(profile, std::nullopt, kept);
  const auto error = test::thrown([&] { add(filter, "pkg/tool/linux_amd64/vet"); });
  EXPECT_EQ(error.kind(), ErrorKind::usage);
  const auto path = (dir.path() / "p.yaml").string();
  EXPECT_NE(
      error.text().find(path + ":6: this rule drops pkg/tool/linux_amd64/vet, which the capability vet (" +
                        path + ":4) needs"),
      std::string::npos)
      << error.text();
}

TEST(Filter, LeavesOutSourcesThatNoTargetCompilesAndTellsWhy) {
  const test::TempDir dir;
  const auto profile = load(dir, "  - {drop: doc/, category: documentation, reason: r}\n");
  tree::MemoryTree kept;
  Filter filter(profile,
                BuildTargets(release::Version::try_parse("1.22.1").value(), {{"linux", "amd64"}}, {}), kept);
  std::vector<std::string> dropped;
  filter.on_decision([&](const tree::Entry& entry, const Rule* rule) {
    if (rule != nullptr && rule->action == Action::drop)
      dropped.push_back(entry.path.text() + ": " + rule->category);
  });
  const std::string large(100'000, '/');  // a comment longer than what is read ahead
  add(filter, "src/os/exec_windows.go", "package os\n");
  add(filter, "src/os/exec_plan9.go", "package os\n");
  add(filter, "src/os/other.go", "//go:build !linux\n\npackage os\n");
  add(filter, "src/os/linux.go", "//go:build linux\n\n" + large + "\npackage os\n");
  add(filter, "src/os/long.go", "//go:build windows ||" + std::string(20'000, ' ') + "linux\n\npackage os\n");
  add(filter, "src/cmd/go/x_windows.go", "package main\n");
  EXPECT_EQ(dropped, (std::vector<std::string>{"src/os/exec_windows.go: other systems",
                                               "src/os/exec_plan9.go: other systems",
                                               "src/os/other.go: other systems"}));
  ASSERT_EQ(kept.files().size(), 3U);
  EXPECT_TRUE(kept.files().contains("src/os/long.go"));
  EXPECT_EQ(kept.files().at("src/os/linux.go").content, "//go:build linux\n\n" + large + "\npackage os\n");
}

TEST(Filter, KnowsWhatIsEssential) {
  const char* essential[] = {"VERSION",
                             "go.env",
                             "bin/go",
                             "bin/go.exe",
                             "bin/linux_amd64/go",
                             "bin/windows_arm64/go.exe",
                             "pkg/tool/linux_amd64/compile",
                             "pkg/tool/windows_amd64/link.exe",
                             "pkg/tool/linux_arm64/asm",
                             "src/fmt/print.go",
                             "src/runtime/textflag.h",
                             "src/runtime/asm.s",
                             "src/os/exec_unix.go",
                             "src/os/linux.go",
                             "src/vendor/golang.org/x/net/idna/idna10.0.0.go",
                             "src/go/types/api.go",
                             "src/x/notes_test.h"};
  const char* other[] = {"README.md",
                         "bin/gofmt",
                         "bin/a/b/go",
                         "pkg/tool/linux_amd64/vet",
                         "pkg/tool/compile",
                         "src/VERSION",
                         "src/go.mod",
                         "src/fmt/print_test.go",
                         "src/go/types/testdata/a.go",
                         "src/cmd/go/main.go",
                         "src/os/exec_windows.go",
                         "src/runtime/asm_linux_amd64.s",
                         "src/runtime/tls_arm64.h",
                         "src/crypto/md5/_asm/md5.go",
                         "test/a.go",
                         "src/all.bash",
                         "src/vendor/golang.org/x/net/idna/tables9.0.0.go"};
  for (const auto* path : essential) EXPECT_TRUE(is_essential(path)) << path;
  for (const auto* path : other) EXPECT_FALSE(is_essential(path)) << path;
}

}  // namespace
}  // namespace gopack::trim
