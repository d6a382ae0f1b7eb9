#include "file_linker_fixture.hpp"

namespace gopack {
namespace {

TEST_F(FileLinkerTest, OnlyRegularFilesAreLinked) {
  std::filesystem::create_symlink("a", temp_.path() / "from/link");
  write(from_, "a", "content", 0444);
  std::filesystem::create_directory(temp_.path() / "from/dir");
  for (const std::string name : {"link", "dir", "missing"})
    EXPECT_EQ(linker_.link(from_, name, to_, "b", 0444), FileLinker::Made::nothing) << name;
  EXPECT_TRUE(to_.names().empty());
  EXPECT_TRUE(linker_.may_work());
}

TEST_F(FileLinkerTest, AnotherFilesystemIsFoundOutOnce) {
  const auto elsewhere = Dir::open("/proc/self");
  EXPECT_EQ(linker_.link(elsewhere, "comm", to_, "b", 0644), FileLinker::Made::nothing);
  EXPECT_FALSE(linker_.may_work());
  EXPECT_TRUE(to_.names().empty());
}

}  // namespace
}  // namespace gopack
