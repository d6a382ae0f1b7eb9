#include "feed.hpp"

#include <algorithm>
#include <utility>

#include "gopack/base/error.hpp"
#include "gopack/base/report.hpp"
#include "watch.hpp"

namespace gopack::flash {

Feed::Feed(std::size_t takers, IsStalled is_stalled, std::stop_token stop)
    : is_stalled_(std::move(is_stalled)), stop_(std::move(stop)), takes_(takers, 0) {}

std::uint64_t Feed::slowest() const {
  return *std::min_element(takes_.begin(), takes_.end());
}

bool Feed::has_room() {
  while (first_ < slowest() && !chunks_.empty()) {
    chunks_.pop_front();
    ++first_;
  }
  return chunks_.size() < kSlots;
}

bool Feed::push(std::shared_ptr<const Chunk> chunk) {
  const auto content = chunk->content.bytes();
  expected_.push_back({chunk->begin, content.size(), digest::hash(content)});
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, kLookForStalls, [this] { return has_room(); })) {
    throw_if_stopped(stop_);
    for (std::size_t taker = 0; taker < takes_.size(); ++taker)
      if (takes_[taker] != kLeft && is_stalled_(taker)) takes_[taker] = kLeft;
  }
  if (slowest() == kLeft) return false;
  chunks_.push_back(std::move(chunk));
  changed_.notify_all();
  return true;
}

void Feed::end(std::shared_ptr<const Head> head) {
  const std::lock_guard lock(mutex_);
  head_ = std::move(head);
  ended_ = true;
  changed_.notify_all();
}

void Feed::fail(std::exception_ptr failure) {
  const std::lock_guard lock(mutex_);
  failure_ = std::move(failure);
  changed_.notify_all();
}

std::shared_ptr<const Chunk> Feed::next(std::size_t taker) {
  std::unique_lock lock(mutex_);
  auto& take = takes_[taker];
  changed_.notify_all();
  changed_.wait(lock, [&] { return failure_ || ended_ || take == kLeft || take < first_ + chunks_.size(); });
  if (failure_) std::rethrow_exception(failure_);
  if (take == kLeft) throw Error(ErrorKind::failed, "cannot go on: the device was given up");
  if (take == first_ + chunks_.size()) return nullptr;
  return chunks_[take++ - first_];
}

void Feed::leave(std::size_t taker) {
  const std::lock_guard lock(mutex_);
  takes_[taker] = kLeft;
  changed_.notify_all();
}

}  // namespace gopack::flash
