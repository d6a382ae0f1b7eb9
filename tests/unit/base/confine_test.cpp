#include "gopack/base/confine.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "gopack/base/parallel.hpp"
#include "gopack/base/replace.hpp"
#include "support/temp_dir.hpp"
#include "support/thrown.hpp"

namespace gopack {
namespace {

class Confine : public testing::Test {
 protected:
  void SetUp() override {
    if (!run_confined(nullptr, [] {})) GTEST_SKIP() << "this system has no Landlock";
    temp_.write("there", "old");
  }
  // That `action` is refused in a confined thread, by the system.
  void expect_denied(const Dir* writable, const std::function<void()>& action) {
    const auto error = test::thrown([&] { run_confined(writable, action); });
    EXPECT_NE(error.text().find("Permission denied"), std::string::npos) << error.text();
  }

  test::TempDir temp_;
  Dir outside_ = Dir::open(temp_.path());
  Dir inside_ = outside_.make_dir("inside");
};

TEST_F(Confine, WritesBelowTheDirectory) {
  run_confined(&inside_, [&] {
    const auto deep = inside_.make_dir("a").make_dir("b");
    auto file = deep.create_file("f");
    file.write(as_bytes("text"));
    file.truncate(2);
    deep.rename("f", inside_, "g");
    remove_tree(inside_, "a");
  });
  EXPECT_EQ(find_text(inside_, "g", 9), "te");
}

TEST_F(Confine, WritesNowhereElse) {
  for (const Dir* writable : {const_cast<const Dir*>(&inside_), static_cast<const Dir*>(nullptr)}) {
    expect_denied(writable, [&] { outside_.create_file("f"); });
    expect_denied(writable, [&] { outside_.make_dir("d"); });
    expect_denied(writable, [&] { outside_.open_or_create("there"); });
    expect_denied(writable, [&] { outside_.remove_file("there"); });
    expect_denied(writable, [&] { replace_text(outside_, "there", "new", false); });
    expect_denied(writable, [&] { replace_link(inside_, "link", "there", false); });
    expect_denied(writable, [&] { run_parallel(2, 2, [&](std::size_t) { outside_.make_dir("d"); }); });
  }
  EXPECT_EQ(outside_.names(), (std::vector<std::string>{"inside", "there"}));
  EXPECT_EQ(find_text(outside_, "there", 9), "old");
  EXPECT_TRUE(inside_.names().empty());
}

TEST_F(Confine, ReadsAndKeepsTheCallersRights) {
  run_confined(nullptr, [&] { EXPECT_EQ(find_text(outside_, "there", 9), "old"); });
  outside_.create_file("f");
  EXPECT_TRUE(outside_.find("f"));
}

TEST(RunConfined, PassesOnWhatIsThrown) {
  EXPECT_EQ(
      test::thrown([] { run_confined(nullptr, [] { throw Error(ErrorKind::noroom, "full"); }); }).kind(),
      ErrorKind::noroom);
}

}  // namespace
}  // namespace gopack
