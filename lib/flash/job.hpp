// Writing one target and reading it back. Private to flash.
#pragma once

#include <atomic>
#include <filesystem>

#include "feed.hpp"
#include "gopack/base/block_device.hpp"
#include "gopack/flash/flash.hpp"
#include "verdict.hpp"
#include "watch.hpp"

namespace gopack::flash {

class Job {
 public:
  // Opens the target. Throws Error: busy, or noroom where it holds less than `bytes`.
  Job(const std::filesystem::path& target, std::uint64_t bytes);

  // Does it in the calling thread. `mapped_bytes` are those to be written. Once it has been given up, it
  // tells nobody anything, and returns as soon as the device does.
  void run(Feed& feed, std::size_t taker, std::uint64_t mapped_bytes, const Run& run) noexcept;

  // Any thread may give it up.
  Watch& watch() { return watch_; }

  // How it ended, once run() has returned or it was given up.
  Outcome outcome() const;

 private:
  void probe();
  void wipe_head();
  void wipe_head_again();
  std::shared_ptr<const Chunk> take(Feed& feed, std::size_t taker);
  void write_pieces(Feed& feed, std::size_t taker, const Run& run);
  void read_back(const Feed& feed, const Run& run);
  ReadBack read_pieces(const Feed& feed, const Run& run);
  void write_head(const Head& head);
  void do_all(Feed& feed, std::size_t taker, const Run& run);
  std::size_t head_bytes() const;
  void end(Result result, std::string reason);
  void tell(const Run& run, std::uint64_t bytes);

  std::string name_;
  BlockDevice device_;
  Watch watch_;
  Watch::Clock::time_point start_;
  std::atomic<std::uint64_t> written_ = 0;
  std::uint64_t done_ = 0;   // of total_
  std::uint64_t total_ = 0;  // bytes to be written and read
  Outcome outcome_;          // run()'s
};

}  // namespace gopack::flash
