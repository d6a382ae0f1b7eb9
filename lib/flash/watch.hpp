// How long a device has been at what it was last asked for. Private to flash.
#pragma once

#include <atomic>
#include <chrono>

namespace gopack::flash {

inline constexpr std::chrono::milliseconds kLookForStalls{200};  // between two looks

// One thread asks the device, any other one looks.
class Watch {
 public:
  using Clock = std::chrono::steady_clock;
  struct GivenUp {};

  // Calls it. Throws GivenUp instead of returning when it has been given up meanwhile.
  template <typename Call>
  void over(Call call) {
    const auto start = Clock::now().time_since_epoch().count();
    since_ = start;
    try {
      call();
    } catch (...) {
      end(start);
      throw;
    }
    end(start);
  }

  // Whether it takes longer than that; it is given up then, once and for all.
  bool give_up_after(Clock::duration limit) {
    auto since = since_.load();
    if (since < 0) return since == kGivenUp;
    return Clock::now().time_since_epoch() - Clock::duration(since) > limit &&
           since_.compare_exchange_strong(since, kGivenUp);
  }
  bool is_given_up() const { return since_ == kGivenUp; }

 private:
  static constexpr Clock::rep kIdle = -1;
  static constexpr Clock::rep kGivenUp = -2;
  void end(Clock::rep start) {
    if (!since_.compare_exchange_strong(start, kIdle)) throw GivenUp();
  }

  std::atomic<Clock::rep> since_ = kIdle;
};

}  // namespace gopack::flash
