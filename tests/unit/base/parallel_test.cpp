#include "gopack/base/parallel.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "gopack/base/error.hpp"
#include "support/thrown.hpp"

namespace gopack {
namespace {

TEST(RunParallel, DoesEachPieceOnceAndAtMostJobsAtATime) {
  for (const unsigned jobs : {0u, 1u, 4u}) {
    std::vector<std::atomic<int>> calls(500);
    std::atomic<unsigned> running{0};
    std::atomic<bool> crowded{false};
    run_parallel(calls.size(), jobs, [&](std::size_t i) {
      if (++running > std::max(1u, jobs)) crowded = true;
      ++calls.at(i);
      --running;
    });
    for (const auto& count : calls) EXPECT_EQ(count, 1);
    EXPECT_FALSE(crowded);
  }
  run_parallel(0, 4, [](std::size_t) { FAIL() << "there is no work"; });
}

TEST(RunInRanges, CoversEverythingOnceInAtMostJobsRanges) {
  for (const std::size_t count : {0, 1, 3, 500}) {
    for (const unsigned jobs : {0u, 1u, 2u, 7u}) {
      std::vector<std::atomic<int>> calls(count);
      std::atomic<unsigned> ranges{0};
      run_in_ranges(count, jobs, [&](std::size_t first, std::size_t last) {
        ++ranges;
        ASSERT_LT(first, last);
        for (auto i = first; i < last; ++i) ++calls.at(i);
      });
      for (const auto& times : calls) EXPECT_EQ(times, 1);
      EXPECT_LE(ranges, std::max(1u, jobs));
    }
  }
}

TEST(RunParallel, StartsNothingAfterAnExceptionAndRethrowsIt) {
  std::vector<std::size_t> started;
  const auto error = test::thrown([&] {
    run_parallel(100, 1, [&](std::size_t i) {
      started.push_back(i);
      if (i >= 2) throw Error(ErrorKind::noroom, "piece " + std::to_string(i));
    });
  });
  EXPECT_EQ(error.text(), "piece 2");
  EXPECT_EQ(error.kind(), ErrorKind::noroom);
  EXPECT_EQ(started, (std::vector<std::size_t>{0, 1, 2}));
}

TEST(RunParallel, WaitsForTheOthersWhenOneThrows) {
  std::atomic<int> started{0};
  std::atomic<int> ended{0};
  EXPECT_THROW(run_parallel(4, 4,
                            [&](std::size_t) {
                              ++started;
                              while (started < 2) std::this_thread::yield();  // two at least are at work
                              ++ended;
                              throw Error(ErrorKind::failed, "broken");
                            }),
               Error);
  EXPECT_EQ(started, ended);
}

}  // namespace
}  // namespace gopack
