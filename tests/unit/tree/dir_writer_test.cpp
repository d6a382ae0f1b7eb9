#include "gopack/tree/dir_writer.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "gopack/tree/memory_tree.hpp"
#include "support/child.hpp"
#include "support/temp_dir.hpp"
#include "support/thrown.hpp"

namespace gopack::tree {
namespace {

void add(TreeSink& sink, std::string_view path, std::string_view text, bool executable = false) {
  MemorySource content(text);
  sink.add({RelPath(path), executable, text.size()}, content);
}

// Keeps the order in which files come; reads nothing.
class Order final : public TreeSink {
 public:
  void add(const Entry& entry, ByteSource&) override { paths.push_back(entry.path.text()); }
  std::vector<std::string> paths;
};

class DirWriterTest : public ::testing::Test {
 protected:
  DirWriter writer() const { return DirWriter(Dir::open(temp_.path())); }
  MemoryTree read() const {
    MemoryTree tree;
    read_dir(Dir::open(temp_.path()), tree);
    return tree;
  }
  test::TempDir temp_;
};

TEST_F(DirWriterTest, ADigestThatItsProducerDoesNotKnowAtTheEndIsAnError) {
  MemorySource content("go");
  const std::optional<digest::Sha256> unknown;
  const auto error = test::thrown([&] {
    writer().add({.path = RelPath("bin/go"), .executable = true, .size = 2, .sha256 = &unknown}, content);
  });
  EXPECT_EQ(error.text(), "cannot write bin/go: its producer has not read all of it");
}

TEST_F(DirWriterTest, WhatIsWrittenIsReadBack) {
  MemoryTree tree;
  add(tree, "VERSION", "go1.22.5");
  add(tree, "bin/go", std::string(700'000, 'g'), true);
  add(tree, "src/a/b/c.go", "");
  add(tree, "src/a.go", "a");
  add(tree, "test/Äfoo.go", "Ä");
  auto out = writer();
  tree.read(out);
  EXPECT_EQ(read().files(), tree.files());

  const auto files = out.files();
  ASSERT_EQ(files.size(), 5u);
  EXPECT_EQ(files[1],
            (ManifestFile{RelPath("bin/go"), true, 700'000, digest::hash(std::string(700'000, 'g'))}));
  EXPECT_TRUE(std::is_sorted(files.begin(), files.end(), [](auto& a, auto& b) { return a.path < b.path; }));
}

TEST_F(DirWriterTest, FilesComeInBytewiseOrderOfTheirPaths) {
  auto out = writer();
  for (const char* path : {"src/a/x", "src/a.go", "src/a-b", "src/a0", "src/B/y", "lib"}) add(out, path, "");
  Order order;
  read_dir(Dir::open(temp_.path()), order);
  EXPECT_EQ(order.paths,
            (std::vector<std::string>{"lib", "src/B/y", "src/a-b", "src/a.go", "src/a/x", "src/a0"}));
}

TEST_F(DirWriterTest, ModesAreReadOnlyUnderAnyUmask) {
  ASSERT_TRUE(test::in_child([&] {
    ::umask(0);
    auto out = writer();
    add(out, "bin/go", "x", true);
    add(out, "src/deep/a.go", "x");
    out.seal();
    return true;
  }));
  const auto mode = [&](const char* path) {
    return static_cast<unsigned>(std::filesystem::status(temp_.path() / path).permissions());
  };
  EXPECT_EQ(mode("bin/go"), 0555u);
  EXPECT_EQ(mode("src/deep/a.go"), 0444u);
  for (const char* directory : {"bin", "src", "src/deep"}) EXPECT_EQ(mode(directory), 0555u) << directory;
  EXPECT_EQ(mode(""), 0700u);  // the root is the caller's
}

TEST_F(DirWriterTest, AnEmptyFileThatIsAdoptedHasItsMode) {
  Dir::open(temp_.path()).create_file("empty", 0600);  // as a run leaves it that is killed there
  auto out = writer();
  out.adopt({RelPath("empty"), true, 0, digest::hash("")});
  EXPECT_EQ(static_cast<unsigned>(std::filesystem::status(temp_.path() / "empty").permissions()), 0555u);
  EXPECT_EQ(out.files().size(), 1u);
}

TEST_F(DirWriterTest, SealsWithoutRootsRights) {
  std::filesystem::permissions(temp_.path(), std::filesystem::perms::all);
  EXPECT_TRUE(test::unprivileged([&] {
    auto out = writer();
    for (const char* path : {"a/b/c/one", "a/b/two", "d/three"}) add(out, path, "x");
    out.seal();
    return Dir::open(temp_.path() / "a" / "b").find("c")->mode == 0555;
  }));
}

TEST_F(DirWriterTest, ASecondArchiveMayBringTheSameFileAgainButNotAnother) {
  auto out = writer();
  add(out, "src/a.go", "same");
  add(out, "bin/go", "x", true);
  add(out, "src/a.go", "same");
  EXPECT_EQ(out.files().size(), 2u);
  for (const bool executable : {false, true}) {
    const auto error = test::thrown([&] { add(out, "src/a.go", executable ? "same" : "else", executable); });
    EXPECT_EQ(error.kind(), ErrorKind::integrity);
    EXPECT_NE(error.text().find("src/a.go differs"), std::string::npos) << error.text();
  }
  EXPECT_EQ(test::read_file(temp_.path() / "src/a.go"), "same");
}

TEST_F(DirWriterTest, NeitherFollowsNorReplacesWhatIsThere) {
  const test::TempDir outside;
  std::filesystem::create_symlink(outside.path(), temp_.path() / "src");
  temp_.write("VERSION", "old");
  auto out = writer();
  EXPECT_THROW(add(out, "src/a.go", "x"), Error);
  EXPECT_THROW(add(out, "VERSION", "new"), Error);
  EXPECT_TRUE(std::filesystem::is_empty(outside.path()));
  EXPECT_EQ(test::read_file(temp_.path() / "VERSION"), "old");
}

TEST_F(DirWriterTest, ReadingRefusesLinks) {
  temp_.write("a", "x");
  std::filesystem::create_symlink("a", temp_.path() / "link");
  const auto error = test::thrown([&] { read(); });
  EXPECT_EQ(error.kind(), ErrorKind::integrity);
  EXPECT_NE(error.text().find("/link"), std::string::npos);
}

TEST(MemoryTree, KeepsTheLastContentAndReadsInOrder) {
  MemoryTree tree;
  add(tree, "b", "1");
  add(tree, "a/x", "2", true);
  add(tree, "a.go", "3");
  add(tree, "b", "4", true);
  Order order;
  tree.read(order);
  EXPECT_EQ(order.paths, (std::vector<std::string>{"a.go", "a/x", "b"}));
  MemoryTree copy;
  tree.read(copy);
  EXPECT_EQ(copy.files(), tree.files());
  EXPECT_EQ(tree.files().at("b"), (MemoryTree::Node{true, "4"}));
}

}  // namespace
}  // namespace gopack::tree
