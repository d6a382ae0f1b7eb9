#include "gopack/base/read_ahead.hpp"

#include <utility>

namespace gopack {

ReadAhead::ReadAhead(Fill fill)
    : fill_(std::move(fill)), free_(kSlots), thread_([this](const std::stop_token& stop) { run(stop); }) {}

ReadAhead::ReadAhead(ByteSource& upstream)
    : ReadAhead([&upstream](std::vector<std::byte>& block) {
        const auto bytes = upstream.next();
        block.assign(bytes.begin(), bytes.end());
      }) {}

ReadAhead::~ReadAhead() = default;  // jthread requests the stop and joins

void ReadAhead::run(const std::stop_token& stop) {
  try {
    while (true) {
      std::unique_lock lock(mutex_);
      if (!changed_.wait(lock, stop, [&] { return !free_.empty(); })) return;
      auto block = std::move(free_.back());
      free_.pop_back();
      lock.unlock();
      fill_(block);
      if (block.empty()) break;
      lock.lock();
      ready_.push_back(std::move(block));
      changed_.notify_all();
    }
  } catch (...) {
    failure_ = std::current_exception();
  }
  const std::lock_guard lock(mutex_);
  ended_ = true;
  changed_.notify_all();
}

ByteView ReadAhead::next() {
  std::unique_lock lock(mutex_);
  if (!current_.empty()) free_.push_back(std::exchange(current_, {}));
  changed_.notify_all();
  changed_.wait(lock, [&] { return !ready_.empty() || ended_; });
  if (!ready_.empty()) {
    current_ = std::move(ready_.front());
    ready_.pop_front();
    return current_;
  }
  lock.unlock();
  if (thread_.joinable()) thread_.join();  // so that its exception is no longer in its hands
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
  return {};
}

}  // namespace gopack
