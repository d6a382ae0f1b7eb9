#include "gopack/base/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace gopack {

unsigned default_jobs() {
  return std::max(1u, std::thread::hardware_concurrency());
}

void run_parallel(std::size_t count, unsigned jobs, const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::exception_ptr failure;  // guarded by mutex
  const auto loop = [&] {
    for (auto i = next.fetch_add(1); i < count; i = next.fetch_add(1)) {
      try {
        work(i);
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (!failure) failure = std::current_exception();
        next = count;
      }
    }
  };
  {
    std::vector<std::jthread> threads;
    const auto wanted = std::min<std::size_t>(std::max(1u, jobs), count);
    for (std::size_t i = 1; i < wanted; ++i) threads.emplace_back(loop);
    loop();
  }
  if (failure) std::rethrow_exception(failure);
}

void run_in_ranges(std::size_t count, unsigned jobs,
                   const std::function<void(std::size_t, std::size_t)>& work) {
  const auto ranges = std::min<std::size_t>(std::max(1u, jobs), count);
  run_parallel(ranges, jobs, [&](std::size_t i) { work(count * i / ranges, count * (i + 1) / ranges); });
}

}  // namespace gopack
