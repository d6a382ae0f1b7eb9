#include "gopack/base/file_linker.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "support/temp_dir.hpp"
#include "support/thrown.hpp"

namespace gopack {
namespace {

class FileLinkerTest : public ::testing::Test {
 protected:
  static void write(const Dir& dir, const std::string& name, std::string_view text, std::uint32_t mode) {
    auto file = dir.create_file(name, mode);
    file.write(as_bytes(text));
    file.close();
  }
  static std::string read(const Dir& dir, const std::string& name) {
    return find_text(dir, name, 1000).value();
  }

  test::TempDir temp_;
  Dir from_ = Dir::ensure(temp_.path() / "from");
  Dir to_ = Dir::ensure(temp_.path() / "to");
  FileLinker linker_;
};

TEST_F(FileLinkerTest, TheNewFileHasTheContentAndTheMode) {
  write(from_, "a", "content", 0555);
  const auto made = linker_.link(from_, "a", to_, "b", 0555);
  ASSERT_NE(made, FileLinker::Made::nothing);
  EXPECT_TRUE(linker_.may_work());
  EXPECT_EQ(read(to_, "b"), "content");
  EXPECT_EQ(to_.find("b")->mode, 0555U);
  EXPECT_EQ(to_.find("b")->names, made == FileLinker::Made::hard_link ? 2U : 1U);
}

TEST_F(FileLinkerTest, AnotherModeTakesAFileOfItsOwn) {
  write(from_, "a", "content", 0644);
  const auto made = linker_.link(from_, "a", to_, "b", 0444);
  EXPECT_NE(made, FileLinker::Made::hard_link);
  EXPECT_EQ(to_.find("b").has_value(), made == FileLinker::Made::clone);
  EXPECT_EQ(from_.find("a")->mode, 0644U);
}

TEST_F(FileLinkerTest, OnlyRegularFilesAreLinked) {
  std::filesystem::create_symlink("a", temp_.path() / "from/link");
  write(from_, "a", "content", 0444);
  std::filesystem::create_directory(temp_.path() / "from/dir");
  for (const std::string name : {"link", "dir", "missing"})
    EXPECT_EQ(linker_.link(from_, name, to_, "b", 0444), FileLinker::Made::nothing) << name;
  EXPECT_TRUE(to_.names().empty());
  EXPECT_TRUE(linker_.may_work());
}

TEST_F(FileLinkerTest, AnExistingFileStays) {
  write(from_, "a", "new", 0444);
  write(to_, "b", "old", 0444);
  EXPECT_EQ(test::thrown([&] { linker_.link(from_, "a", to_, "b", 0444); }).kind(), ErrorKind::failed);
  EXPECT_EQ(read(to_, "b"), "old");
}

TEST_F(FileLinkerTest, AnotherFilesystemIsFoundOutOnce) {
  const auto elsewhere = Dir::open("/proc/self");
  EXPECT_EQ(linker_.link(elsewhere, "comm", to_, "b", 0644), FileLinker::Made::nothing);
  EXPECT_FALSE(linker_.may_work());
  EXPECT_TRUE(to_.names().empty());
}

}  // namespace
}  // namespace gopack
