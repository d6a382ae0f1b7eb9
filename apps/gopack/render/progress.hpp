// What a terminal shows while tasks move bytes: how much of their sum, how fast, how much longer.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

#include "gopack/base/report.hpp"

namespace gopack::app {

// Not thread-safe.
class Progress {
 public:
  using Clock = std::chrono::steady_clock;

  // True when the task is new.
  bool take(const Started& started);
  bool take(const Progressed& progressed, Clock::time_point now);
  // True when no other task is left to finish. All of them are forgotten then; before, the sum counts them.
  bool take(const Finished& finished);

  // "[====    ] 12.3 MB of 65.0 MB  4.1 MB/s  0:13 left  go1.23.4.linux-amd64.tar.gz and 2 more"; nothing
  // before the first byte. A rate comes after a second: that of the last ten.
  std::optional<std::string> line(Clock::time_point now) const;

 private:
  struct Task {
    std::uint64_t done = 0;
    std::uint64_t total = 0;
    bool is_finished = false;
  };
  struct Sample {
    Clock::time_point at;
    std::uint64_t moved = 0;
  };
  std::optional<double> rate(Clock::time_point now) const;  // bytes a second

  std::map<std::string, Task, std::less<>> tasks_;
  std::uint64_t moved_ = 0;  // bytes, without what was there when a task progressed first
  std::deque<Sample> samples_;
};

}  // namespace gopack::app
