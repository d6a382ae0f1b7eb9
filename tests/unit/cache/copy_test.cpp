#include "gopack/cache/copy.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <thread>

#include "cache_fixture.hpp"
#include "support/thrown.hpp"

namespace gopack::cache {
namespace {

class CopyTest : public test::LayerTest {
 protected:
  CopyTest() : share_(Dir::ensure(temp_.path() / "share").path()) {}
  gopack::Run run(unsigned jobs) { return {reporter_, {}, jobs}; }

  const Layer share_;
  SilentReporter reporter_;
};

void expect(const CopySummary& summary, const CopySummary& expected) {
  EXPECT_EQ(summary.entries, expected.entries);
  EXPECT_EQ(summary.bytes, expected.bytes);
  EXPECT_EQ(summary.skipped, expected.skipped);
  EXPECT_EQ(summary.damaged, expected.damaged);
}

TEST_F(CopyTest, CopiesWhatTheOtherSideLacks) {
  put("a", "one");
  put("b", "two");
  put("c", "two");
  expect(push(layer(), share_, run(1)), {3, 9, 0, 0});
  expect(push(layer(), share_, run(1)), {0, 0, 3, 0});
  test::put(share_, "d", "three");
  expect(pull(layer(), share_, run(4)), {1, 5, 3, 0});
  EXPECT_TRUE(layer().find_body(test::entry_of("d", "three")));
}

TEST_F(CopyTest, SpreadsNothingDamaged) {
  const auto damaged = put("a", "one");
  const auto cut = put("b", "two");
  const auto deleted = put("c", "three");
  put("d", "four");
  test::write_file(layer().find_body(damaged).value(), "onE");
  test::write_file(layer().find_body(cut).value(), "t");
  std::filesystem::remove(layer().find_body(deleted).value());
  test::write_file(path_ / "ee" / (std::string(64, 'e') + "-a"), "v1 ");
  expect(push(layer(), share_, run(2)), {1, 4, 0, 3});
  EXPECT_FALSE(share_.find(damaged.action));
  EXPECT_FALSE(share_.find(cut.action));
}

TEST_F(CopyTest, BringsBackABodyThatGoDeleted) {
  const auto entry = put("a", "one");
  push(layer(), share_, run(1));
  std::filesystem::remove(layer().find_body(entry).value());
  expect(pull(layer(), share_, run(1)), {1, 3, 0, 0});
  EXPECT_TRUE(layer().find_body(entry));
}

TEST_F(CopyTest, GoesOnWhileGoTrimsTheCache) {
  for (int round = 0; round < 20; ++round) {
    for (int i = 0; i < 100; ++i) put(std::to_string(i), fmt::format("{} {}", round, i));
    const auto names = files();
    const std::jthread trimming([&] {
      for (const auto& name : names) std::filesystem::remove(path_ / name.substr(0, 2) / name);
    });
    EXPECT_EQ(push(layer(), share_, run(4)).damaged, 0u);
  }
}

TEST_F(CopyTest, StopsWhenAsked) {
  put("a", "one");
  std::stop_source source;
  source.request_stop();
  EXPECT_EQ(test::thrown([&] {
              push(layer(), share_, {reporter_, source.get_token()});
            }).kind(),
            ErrorKind::interrupted);
}

}  // namespace
}  // namespace gopack::cache
