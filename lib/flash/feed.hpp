// One stream of pieces for several threads: each gets every piece, in order, and the slowest one sets the
// pace. Private to flash.
#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <vector>

#include "chunk.hpp"

namespace gopack::flash {

// The first MiB of the image, which is written last.
struct Head {
  Block content{kChunk};    // zeros where nothing is mapped
  std::uint64_t bytes = 0;  // of it that are mapped
};

class Feed {
 public:
  // Whether a taker is given up because it has not come back for too long. Called with a lock held.
  using IsStalled = std::function<bool(std::size_t taker)>;

  Feed(std::size_t takers, IsStalled is_stalled, std::stop_token stop);

  // The reader's. push() waits until there is room; false when nobody takes anything any more; throws Error
  // (interrupted). At the end there is either all that is expected, or a failure.
  bool push(std::shared_ptr<const Chunk> chunk);
  void end(std::shared_ptr<const Head> head);
  void fail(std::exception_ptr failure);

  // A taker's. Nothing at the end. Rethrows a failure at once, whatever has been pushed before; throws Error
  // when the taker has been given up.
  std::shared_ptr<const Chunk> next(std::size_t taker);
  void leave(std::size_t taker);

  // Known once next() has given nothing.
  const Head& head() const { return *head_; }
  const std::vector<Expected>& expected() const { return expected_; }

 private:
  static constexpr std::size_t kSlots = 16;  // pieces in flight
  static constexpr std::uint64_t kLeft = UINT64_MAX;
  std::uint64_t slowest() const;
  bool has_room();

  IsStalled is_stalled_;
  std::stop_token stop_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::shared_ptr<const Chunk>> chunks_;
  std::uint64_t first_ = 0;           // the number of the first of them
  std::vector<std::uint64_t> takes_;  // which piece each taker gets next
  bool ended_ = false;
  std::exception_ptr failure_;
  std::shared_ptr<const Head> head_;
  std::vector<Expected> expected_;  // the reader's until the end
};

}  // namespace gopack::flash
