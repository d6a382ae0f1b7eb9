// A byte source that reads another one in a thread of its own, so that producing bytes (inflating)
// and consuming them (hashing, writing) overlap.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

#include "gopack/base/bytes.hpp"

namespace gopack {

// At most `kSlots` blocks are in flight; memory stays flat whatever the stream's length. An Error of
// what makes them is rethrown by next(). Destroying it early stops the thread.
class ReadAhead final : public ByteSource {
 public:
  // Makes the next block in place of an old one, whose memory it may use again; nothing at the end.
  using Fill = std::function<void(std::vector<std::byte>& block)>;

  // What `fill` refers to must outlive this object; the thread alone calls it.
  explicit ReadAhead(Fill fill);
  // `upstream` must outlive this object and is used by its thread alone.
  explicit ReadAhead(ByteSource& upstream);
  ~ReadAhead() override;
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;

  ByteView next() override;

 private:
  static constexpr std::size_t kSlots = 8;
  void run(const std::stop_token& stop);

  Fill fill_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<std::vector<std::byte>> ready_;  // guarded by mutex_
  std::vector<std::vector<std::byte>> free_;  // guarded by mutex_
  bool ended_ = false;                        // guarded by mutex_
  std::exception_ptr failure_;                // the thread's until it is joined
  std::vector<std::byte> current_;            // the consumer's own
  std::jthread thread_;                       // last: starts when all else is there
};

}  // namespace gopack
