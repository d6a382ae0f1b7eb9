#include "dir_fixture.hpp"

namespace gopack {
namespace {

TEST_F(DirTest, TellsWhatATemporaryFileWasToReplace) {
  EXPECT_EQ(find_replaced(".lock.0123abcd.tmp"), "lock");
  EXPECT_EQ(find_replaced(".a.b.json.ffffffff.tmp"), "a.b.json");
  for (const char* name : {"lock", ".tmp", ".mine.tmp", ".0123abcd.tmp", "..0123abcd.tmp",
                           "x.lock.0123abcd.tmp", ".lock.0123abcg.tmp", ".lock-0123abcd.tmp"})
    EXPECT_FALSE(find_replaced(name)) << name;
}

TEST_F(DirTest, RenameNoReplaceDoesNothingWhenTheNameIsTaken) {
  write("from/file", "new");
  write("taken/file", "old");
  EXPECT_FALSE(dir_.rename_no_replace("from", dir_, "taken"));
  EXPECT_EQ(text("taken/file"), "old");
  EXPECT_EQ(text("from/file"), "new");
  EXPECT_TRUE(dir_.rename_no_replace("from", dir_.open_dir("taken"), "inner"));
  EXPECT_EQ(text("taken/inner/file"), "new");
  EXPECT_FALSE(dir_.find("from"));
  EXPECT_THROW(dir_.rename_no_replace("from", dir_, "to"), Error);
}

TEST_F(DirTest, NamesAreSortedAndHiddenOnesAmongThem) {
  for (const char* name : {"b", ".hidden", "a", "C", "ä"}) write(name, "");
  EXPECT_EQ(dir_.names(), (Names{".hidden", "C", "a", "b", "ä"}));
  EXPECT_FALSE(dir_.find("d"));
}

TEST_F(DirTest, EnsureMakesParentsAndOpenDoesNot) {
  const auto path = temp_.path() / "a" / "b";
  EXPECT_EQ(test::thrown([&] { (void)Dir::open(path); }).kind(), ErrorKind::failed);
  EXPECT_EQ(Dir::ensure(path).names(), Names{});
  EXPECT_EQ(Dir::ensure(path).path(), path);
  write("file", "");
  EXPECT_THROW((void)Dir::ensure(temp_.path() / "file"), Error);
}

TEST_F(DirTest, OpenOrCreateKeepsWhatIsThere) {
  write("part", "abc");
  EXPECT_EQ(dir_.open_or_create("part").status().size, 3u);
  EXPECT_EQ(dir_.open_or_create("new").status().size, 0u);
}

}  // namespace
}  // namespace gopack
