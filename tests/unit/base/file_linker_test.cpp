#include "file_linker_fixture.hpp"

namespace gopack {
namespace {

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
  const auto mode = from_.find("a")->mode;
  const auto made = linker_.link(from_, "a", to_, "b", 0444);
  EXPECT_NE(made, FileLinker::Made::hard_link);
  EXPECT_EQ(to_.find("b").has_value(), made == FileLinker::Made::clone);
  EXPECT_EQ(from_.find("a")->mode, mode);
}

TEST_F(FileLinkerTest, AnExistingFileStays) {
  write(from_, "a", "new", 0444);
  write(to_, "b", "old", 0444);
  EXPECT_EQ(test::thrown([&] { linker_.link(from_, "a", to_, "b", 0444); }).kind(), ErrorKind::failed);
  EXPECT_EQ(read(to_, "b"), "old");
}

}  // namespace
}  // namespace gopack
