#include <windows.h>

#include <memory>
#include <thread>

#include "dir_fixture.hpp"
#include "gopack/base/file_lock.hpp"

namespace gopack {
namespace {

// As a scanner does: nobody else may open, rename or remove the file meanwhile.
class Scanner {
 public:
  explicit Scanner(const std::filesystem::path& file)
      : handle_(::CreateFileW(file.c_str(), GENERIC_READ, 0, nullptr, OPEN_EXISTING, 0, nullptr)) {}
  ~Scanner() { ::CloseHandle(handle_); }
  Scanner(const Scanner&) = delete;
  Scanner& operator=(const Scanner&) = delete;
  bool has_it() const { return handle_ != INVALID_HANDLE_VALUE; }

 private:
  HANDLE handle_;
};

class ScannedTest : public DirTest {
 protected:
  // Runs `action`, which finds `name` in use and has it when the scanner lets go.
  template <typename Action>
  void while_scanned(const std::string& name, Action action) {
    auto scanner = std::make_unique<Scanner>(temp_.path() / name);
    ASSERT_TRUE(scanner->has_it());
    std::jthread letting_go([&] {
      ::Sleep(250);  // the action has met it by then, or what is tested here is not needed
      scanner.reset();
    });
    action();
  }
};

TEST_F(ScannedTest, AFileIsReplacedOnceItIsFree) {
  write("text", "old");
  while_scanned("text", [&] { replace_text(dir_, "text", "new", true); });
  EXPECT_EQ(text("text"), "new");
  EXPECT_EQ(dir_.names(), Names{"text"});
}

TEST_F(ScannedTest, AFileIsRemovedOnceItIsFree) {
  write("tree/file", "x");
  while_scanned("tree/file", [&] { remove_tree(dir_, "tree"); });
  EXPECT_EQ(dir_.names(), Names{});
}

TEST_F(ScannedTest, AFileIsOpenedOnceItIsFree) {
  write("text", "old");
  while_scanned("text", [&] { EXPECT_EQ(find_text(dir_, "text", 10), "old"); });
}

TEST_F(DirTest, NamesThatWindowsDoesNotTakeAreRefusedWhereverAPathIsMade) {
  for (const std::string name : {"nul", "con.txt", "x.", "y ", "a:b", "a\\b", "a*", "a\"b", ""}) {
    EXPECT_THROW(dir_.create_file(name), Error) << name;
    EXPECT_THROW(dir_.open_or_create(name), Error) << name;
    EXPECT_THROW(dir_.make_dir(name), Error) << name;
    EXPECT_THROW(dir_.ensure_dir(name), Error) << name;
    EXPECT_THROW(replace_text(dir_, name, "x", false), Error) << name;
    if (!name.empty() && name.find('\\') == std::string::npos)
      EXPECT_THROW((void)Dir::ensure(temp_.path() / "below" / name), Error) << name;
  }
  EXPECT_EQ(dir_.names(), Names{});
  EXPECT_EQ(test::thrown([&] { dir_.make_dir("nul"); }).text(),
            "cannot create directory " + (temp_.path() / "nul").string() + ": nul is reserved by Windows");
}

TEST_F(DirTest, AStreamOfAFileIsNoFile) {
  write("a", "x");
  EXPECT_FALSE(dir_.find("a:b"));
  EXPECT_FALSE(dir_.try_open_file("a:b"));
}

TEST_F(DirTest, LongPathsAndNamesInAnyScript) {
  const std::string name = "ä中" + std::string(90, 'x');
  auto path = temp_.path();
  for (int i = 0; i < 5; ++i) path /= name;
  ASSERT_GT(path.native().size(), 450U);
  const auto deep = Dir::ensure(path);
  replace_text(deep, "file", "deep", true);
  EXPECT_EQ(find_text(Dir::open(path), "file", 10), "deep");
  EXPECT_EQ(read_text(path / "file", 10), "deep");
  EXPECT_EQ(dir_.names(), Names{name});
}

TEST_F(DirTest, ReadOnlyFilesAreReplacedAndRemoved) {
  dir_.create_file("kept", 0444).close();
  EXPECT_EQ(dir_.find("kept")->mode & 0222, 0U);
  EXPECT_TRUE(::GetFileAttributesW((temp_.path() / "kept").c_str()) & FILE_ATTRIBUTE_READONLY);
  replace_text(dir_, "kept", "new", false, 0444);
  EXPECT_EQ(text("kept"), "new");
  dir_.remove_file("kept");
  EXPECT_EQ(dir_.names(), Names{});
}

TEST_F(DirTest, ALockIsHeldBeyondTheContent) {
  write("lock", "told");
  const auto first = dir_.open_or_create("lock");
  const auto second = dir_.open_or_create("lock");
  EXPECT_EQ(try_lock(first, LockMode::exclusive).outcome, LockAttempt::Outcome::taken);
  EXPECT_EQ(try_lock(second, LockMode::shared).outcome, LockAttempt::Outcome::held);
  EXPECT_EQ(find_text(dir_, "lock", 10), "told");
}

TEST_F(DirTest, SharedLocksGoTogetherAndGoWithTheFile) {
  const auto first = dir_.open_or_create("lock");
  {
    const auto second = dir_.open_or_create("lock");
    const auto third = dir_.open_or_create("lock");
    EXPECT_EQ(try_lock(second, LockMode::shared).outcome, LockAttempt::Outcome::taken);
    EXPECT_EQ(try_lock(third, LockMode::shared).outcome, LockAttempt::Outcome::taken);
    EXPECT_EQ(try_lock(first, LockMode::exclusive).outcome, LockAttempt::Outcome::held);
  }
  EXPECT_EQ(try_lock(first, LockMode::exclusive).outcome, LockAttempt::Outcome::taken);
}

}  // namespace
}  // namespace gopack
