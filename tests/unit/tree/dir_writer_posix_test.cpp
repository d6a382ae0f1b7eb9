#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "gopack/tree/dir_writer.hpp"
#include "support/temp_dir.hpp"

namespace gopack::tree {
namespace {

// Open files and directories of this process below a directory.
std::size_t open_below(const std::filesystem::path& directory) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code ignored;
    const auto target = std::filesystem::read_symlink(entry.path(), ignored).string();
    if (target.starts_with(directory.string() + "/")) ++count;
  }
  return count;
}

// Windows would not rename it.
TEST(DirWriter, HoldsNothingBelowASealedTree) {
  const test::TempDir temp;
  DirWriter writer(Dir::open(temp.path()));
  MemorySource content("x");
  writer.add({RelPath("a/b/c"), false, 1}, content);
  EXPECT_GT(open_below(temp.path()), 0U);
  writer.seal();
  EXPECT_EQ(open_below(temp.path()), 0U);
  for (const auto* directory : {"a/b", "a"}) ::chmod((temp.path() / directory).c_str(), 0755);
}

}  // namespace
}  // namespace gopack::tree
