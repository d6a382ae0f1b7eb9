// The wanted contents of a tar.gz, inflated by several threads before they are asked for.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <unordered_map>
#include <vector>

#include "content_reader.hpp"

namespace gopack::archive {

// The stream is cut at its access points; what is wanted of the part from one to the next is a thread's work.
// As many parts as there are threads are in memory beside the one that is read.
class AheadReader final : public ContentReader {
 public:
  // `wanted`, in the archive's order, and `points` must outlive this object.
  AheadReader(const File& file, const std::vector<AccessPoint>& points,
              const std::vector<const IndexedFile*>& wanted, unsigned threads);

  // Of files that are wanted, in their order, with gaps; of others, by a pass of its own.
  void start(const IndexedFile& file) override;
  ByteView next(std::uint64_t most) override;

 private:
  struct Range {
    std::uint64_t offset;
    std::uint64_t size;
  };
  struct Part {
    std::vector<Range> ranges;
    std::vector<std::byte> bytes;  // of all ranges
    std::exception_ptr failure;
    bool is_done = false;
  };
  struct Place {
    std::size_t part;
    std::size_t at;  // in its bytes
  };
  void plan(const std::vector<const IndexedFile*>& wanted);
  void inflate_parts(const std::stop_token& stop);
  void inflate(StreamReader& reader, Part& part, const std::stop_token& stop) const;
  // Waits until it is there, and gives up all before it.
  void enter(std::size_t part);

  const File& file_;
  const std::vector<AccessPoint>& points_;
  StreamReader other_;
  std::unordered_map<const IndexedFile*, Place> places_;
  std::vector<Part> parts_;  // what is in one is its thread's until it is done
  std::optional<Place> at_;  // nothing: `other_` reads
  std::size_t ahead_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::vector<std::vector<std::byte>> free_;  // of parts that have been read; guarded by mutex_
  std::size_t next_ = 0;                      // the part to begin next; guarded by mutex_
  std::size_t current_ = 0;                   // the part that is read; guarded by mutex_
  std::vector<std::jthread> threads_;
};

}  // namespace gopack::archive
