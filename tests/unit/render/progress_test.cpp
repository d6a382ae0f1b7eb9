#include "render/progress.hpp"

#include <gtest/gtest.h>

namespace gopack::app {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kMega = 1'000'000;
constexpr const char* kFull = "[========================] ";

class ProgressTest : public ::testing::Test {
 protected:
  // The line after `task` has got so far at `at`.
  std::string line(const char* task, std::uint64_t done, std::uint64_t total, std::chrono::milliseconds at) {
    progress_.take(Progressed{task, done, total}, kBegin + at);
    return progress_.line(kBegin + at).value_or("none");
  }

  static constexpr Progress::Clock::time_point kBegin{std::chrono::hours(1)};
  Progress progress_;
};

TEST_F(ProgressTest, TellsRateAndRemainingTimeAfterASecond) {
  EXPECT_TRUE(progress_.take(Started{"a", 100 * kMega}));
  EXPECT_EQ(progress_.line(kBegin), std::nullopt);
  EXPECT_EQ(line("a", kMega, 100 * kMega, 0ms), "[                        ] 1.0 MB of 100.0 MB  a");
  EXPECT_EQ(line("a", 5 * kMega, 100 * kMega, 900ms), "[=                       ] 5.0 MB of 100.0 MB  a");
  EXPECT_EQ(line("a", 11 * kMega, 100 * kMega, 2s),
            "[==                      ] 11.0 MB of 100.0 MB  5.0 MB/s  0:18 left  a");
  EXPECT_EQ(line("a", 11 * kMega + 60'000, 100 * kMega, 12s),
            "[==                      ] 11.1 MB of 100.0 MB  6.0 kB/s  4:07:03 left  a");
}

TEST_F(ProgressTest, WhatWasThereBeforeIsNoSpeed) {
  EXPECT_TRUE(progress_.take(Progressed{"a", 50 * kMega, 100 * kMega}, kBegin));
  EXPECT_FALSE(progress_.take(Progressed{"a", 52 * kMega, 100 * kMega}, kBegin + 2s));
  EXPECT_EQ(progress_.line(kBegin + 2s),
            "[============            ] 52.0 MB of 100.0 MB  1.0 MB/s  0:48 left  a");
}

TEST_F(ProgressTest, WithoutATotalThereIsNoRemainingTime) {
  EXPECT_EQ(line("a", kMega, 0, 0ms), "[                        ] 1.0 MB  a");
  EXPECT_EQ(line("a", 3 * kMega, 0, 2s), "[                        ] 3.0 MB  1.0 MB/s  a");
}

TEST_F(ProgressTest, ATaskThatStandsStillTakesForEver) {
  EXPECT_EQ(line("a", kMega, 2 * kMega, 0ms), "[============            ] 1.0 MB of 2.0 MB  a");
  EXPECT_EQ(line("a", kMega, 2 * kMega, 2s), "[============            ] 1.0 MB of 2.0 MB  0 B/s  a");
}

TEST_F(ProgressTest, CountsFinishedTasksUntilAllAre) {
  progress_.take(Started{"a", 2 * kMega});
  progress_.take(Started{"b", 2 * kMega});
  EXPECT_EQ(line("a", kMega, 2 * kMega, 0ms), "[======                  ] 1.0 MB of 4.0 MB  a and 1 more");
  EXPECT_FALSE(progress_.take(Finished{"a"}));
  EXPECT_EQ(line("b", kMega, 2 * kMega, 1ms), "[==================      ] 3.0 MB of 4.0 MB  b");
  EXPECT_EQ(line("b", 2 * kMega, 2 * kMega, 2ms), kFull + std::string("4.0 MB of 4.0 MB  "));
  EXPECT_TRUE(progress_.take(Finished{"b"}));
  EXPECT_EQ(progress_.line(kBegin), std::nullopt);
  EXPECT_TRUE(progress_.take(Started{"a", kMega}));
  EXPECT_EQ(line("a", kMega, kMega, 3ms), kFull + std::string("1.0 MB of 1.0 MB  "));
}

TEST_F(ProgressTest, ATaskThatBeginsAnewIsTheSame) {
  progress_.take(Started{"a", 2 * kMega});
  EXPECT_EQ(line("a", kMega, 2 * kMega, 0ms), "[============            ] 1.0 MB of 2.0 MB  a");
  EXPECT_FALSE(progress_.take(Started{"a", 4 * kMega}));
  EXPECT_EQ(line("a", kMega, 4 * kMega, 1ms), "[======                  ] 1.0 MB of 4.0 MB  a");
  EXPECT_FALSE(progress_.take(Finished{"unknown"}));
}

}  // namespace
}  // namespace gopack::app
