#include <sys/stat.h>

#include "dir_fixture.hpp"
#include "support/child.hpp"

namespace gopack {
namespace {

TEST_F(DirTest, CreateFileRefusesAnythingThatIsThere) {
  write("file", "old");
  std::filesystem::create_symlink("nowhere", temp_.path() / "link");
  dir_.make_dir("dir");
  for (const char* name : {"file", "link", "dir"}) {
    const auto error = test::thrown([&] { dir_.create_file(name); });
    EXPECT_EQ(error.text(), "cannot create " + (temp_.path() / name).string() + ": File exists");
  }
  EXPECT_EQ(text("file"), "old");
  EXPECT_FALSE(dir_.find("nowhere"));
  EXPECT_THROW(dir_.make_dir("dir"), Error);
}

TEST_F(DirTest, ModesAreExactWhateverTheUmaskIs) {
  for (const unsigned mask : {0u, 077u, 0277u}) {
    const auto name = std::to_string(mask);
    ASSERT_TRUE(test::in_child([&] {
      ::umask(mask);
      dir_.create_file("plain" + name, 0444).close();
      dir_.create_file("program" + name, 0555).close();
      replace_text(dir_, "text" + name, "x", false);
      dir_.make_dir("dir" + name, 0755);
      dir_.ensure_dir("ensured" + name);
      dir_.open_or_create("lock" + name).close();
      return true;
    }));
    EXPECT_EQ(dir_.find("plain" + name)->mode, 0444u);
    EXPECT_EQ(dir_.find("program" + name)->mode, 0555u);
    EXPECT_EQ(dir_.find("text" + name)->mode, 0644u);
    EXPECT_EQ(dir_.find("dir" + name)->mode, 0755u);
    EXPECT_EQ(dir_.find("ensured" + name)->mode, 0755u);
    EXPECT_EQ(dir_.find("lock" + name)->mode, 0644u);
  }
}

TEST_F(DirTest, FollowsNoLinks) {
  write("outside/secret", "s");
  std::filesystem::create_symlink("outside", temp_.path() / "dirlink");
  std::filesystem::create_symlink("outside/secret", temp_.path() / "filelink");
  EXPECT_THROW(dir_.open_dir("dirlink"), Error);
  EXPECT_THROW(dir_.ensure_dir("dirlink"), Error);
  EXPECT_THROW(dir_.open_file("filelink"), Error);
  EXPECT_THROW(dir_.open_or_create("filelink"), Error);
  EXPECT_EQ(find_text(dir_, "filelink", 10), std::nullopt);
  EXPECT_EQ(dir_.find("dirlink")->type, FileType::symlink);
  EXPECT_EQ(dir_.find_link("filelink"), "outside/secret");
  EXPECT_EQ(dir_.find_link("outside"), std::nullopt);
}

TEST_F(DirTest, TriesToOpenWhatMayBeMissingOrSomethingElse) {
  write("file", "x");
  dir_.make_dir("directory");
  replace_link(dir_, "link", "file", false);
  ::mkfifo((temp_.path() / "pipe").c_str(), 0644);  // nobody writes to it: opening it must not wait
  EXPECT_TRUE(dir_.try_open_file("file"));
  EXPECT_TRUE(dir_.try_open_dir("directory"));
  for (const char* other : {"directory", "link", "pipe", "missing"}) EXPECT_FALSE(dir_.try_open_file(other));
  for (const char* other : {"file", "link", "pipe", "missing"}) EXPECT_FALSE(dir_.try_open_dir(other));
}

TEST_F(DirTest, ReplaceTextAndLinkLeaveNothingWhenTheyFail) {
  write("dir/file", "x");
  EXPECT_THROW(replace_text(dir_, "dir", "new", false), Error);
  EXPECT_THROW(replace_link(dir_, "dir", "target", false), Error);
  EXPECT_EQ(dir_.names(), Names{"dir"});
}

TEST_F(DirTest, ReplaceLinkReplacesTheLinkNotItsTarget) {
  dir_.make_dir("a");
  dir_.make_dir("b");
  replace_link(dir_, "current", "a", false);
  replace_link(dir_, "current", "b", true);
  EXPECT_EQ(dir_.find_link("current"), "b");
  EXPECT_EQ(dir_.names(), (Names{"a", "b", "current"}));
}

TEST_F(DirTest, RemoveTreeTakesReadOnlyDirectoriesAndSparesLinkTargets) {
  write("outside/kept", "k");
  std::filesystem::permissions(temp_.path(), std::filesystem::perms::all);
  EXPECT_TRUE(test::unprivileged([&] {
    const auto tree = dir_.make_dir("tree");
    const auto inner = tree.make_dir("inner");
    inner.create_file("file", 0444).close();
    replace_link(inner, "link", "../../outside", false);
    inner.set_mode(0555);
    tree.set_mode(0555);
    remove_tree(dir_, "tree");
    return !dir_.find("tree");
  }));
  EXPECT_EQ(text("outside/kept"), "k");
  replace_link(dir_, "link", "outside", false);
  remove_tree(dir_, "link");
  remove_tree(dir_, "missing");
  EXPECT_EQ(dir_.names(), Names{"outside"});
  EXPECT_EQ(text("outside/kept"), "k");
}

TEST_F(DirTest, ReplaceTextSwapsTheFileUnderItsReaders) {
  write("text", "old");
  auto reader = dir_.open_file("text");
  replace_text(dir_, "text", "new", true);
  FileSource source(reader);
  EXPECT_EQ(read_all(source, 10), "old");
  EXPECT_EQ(text("text"), "new");
  replace_text(dir_, "fresh", "f", false);
  EXPECT_EQ(dir_.names(), (Names{"fresh", "text"}));  // no temporary file stays
}

}  // namespace
}  // namespace gopack
