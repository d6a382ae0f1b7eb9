#include "system.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

namespace gopack::launcher {
namespace {

namespace fs = std::filesystem;

// A directory with the file `original`, and a link to it where a launcher of this number, killed on its way,
// has left one.
class StaleLinkTest : public testing::Test {
 protected:
  StaleLinkTest() {
    std::string name = (fs::temp_directory_path() / "launcher-XXXXXX").string();
    directory_ = ::mkdtemp(name.data());
    std::ofstream(original_ = directory_ / "original") << "kept";
    file_ = directory_ / "file";
    fs::create_symlink(original_, file_.string() + "." + system::unique());
  }
  ~StaleLinkTest() override { fs::remove_all(directory_); }

  fs::path directory_;
  fs::path original_;
  fs::path file_;
};

TEST_F(StaleLinkTest, NothingIsWrittenThroughIt) {
  EXPECT_TRUE(system::write_file(file_.string(), "new"));
  EXPECT_EQ(system::read_file(file_.string()), "new");
  EXPECT_EQ(system::read_file(original_.string()), "kept");
}

TEST_F(StaleLinkTest, IsReplacedByANewLink) {
  EXPECT_TRUE(system::link_or_copy(original_.string(), file_.string()));
  EXPECT_TRUE(fs::is_symlink(file_));
  EXPECT_EQ(system::read_file(original_.string()), "kept");
}

}  // namespace
}  // namespace gopack::launcher
