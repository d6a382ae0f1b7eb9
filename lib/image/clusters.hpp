// The clusters of a volume that is read: their chains, which of them are taken, and their bytes. Private to
// image.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "gopack/base/bytes.hpp"
#include "medium.hpp"
#include "volume.hpp"

namespace gopack::image {

// Where content lies.
struct Location {
  std::uint32_t first = 0;  // cluster
  bool is_consecutive = false;
};

// What ends a chain, and which bits of an entry count.
struct FatFormat {
  std::uint32_t mask = 0;
  std::uint32_t least_end = 0;
};

class Clusters {
 public:
  // `begin` is where the volume begins, in bytes of the medium.
  Clusters(const Medium& medium, std::uint64_t begin, const Geometry& geometry, FatFormat format)
      : medium_(medium),
        begin_(begin),
        geometry_(geometry),
        format_(format),
        is_taken_(geometry.cluster_count + kFirstCluster) {}

  const Medium& medium() const { return medium_; }
  const Geometry& geometry() const { return geometry_; }
  std::uint64_t end() const { return geometry_.cluster_count + kFirstCluster; }
  bool has(std::uint64_t cluster) const { return cluster >= kFirstCluster && cluster < end(); }
  bool is_end(std::uint32_t entry) const { return entry >= format_.least_end; }
  bool is_taken(std::uint64_t cluster) const { return is_taken_[cluster]; }
  std::uint64_t taken() const { return taken_; }
  // In bytes of the medium.
  std::uint64_t offset_of(std::uint64_t cluster) const {
    return begin_ + geometry_.heap_offset + (cluster - kFirstCluster) * geometry_.cluster_size;
  }
  std::uint64_t fat_offset() const { return begin_ + geometry_.fat_offset; }
  std::uint32_t mask() const { return format_.mask; }

  // Takes the clusters of `where`, of which there must be `count`; nothing: as many as their chain has.
  // Returns how many; nothing after a fault.
  std::optional<std::uint64_t> take(const Location& location, std::optional<std::uint64_t> count,
                                    const std::string& where, Faults& faults);

 private:
  const Medium& medium_;
  std::uint64_t begin_;
  Geometry geometry_;
  FatFormat format_;
  std::vector<bool> is_taken_;
  std::uint64_t taken_ = 0;
};

// Reads entries of the FAT, those beside each other at once.
class FatReader {
 public:
  explicit FatReader(const Clusters& clusters) : clusters_(clusters) {}
  // What follows `cluster`, which there is.
  std::uint32_t next(std::uint64_t cluster);

 private:
  static constexpr std::uint64_t kEntries = 1024;
  const Clusters& clusters_;
  std::uint64_t first_ = UINT64_MAX;  // cluster of block_
  std::string block_;
};

// `bytes` of content, of which those behind `valid_bytes` are zeros. Throws Error (failed) where its chain
// breaks.
class ContentSource final : public ByteSource {
 public:
  struct Length {
    std::uint64_t bytes = 0;
    std::uint64_t valid_bytes = 0;
  };
  ContentSource(const Clusters& clusters, Location location, Length length, std::stop_token stop)
      : clusters_(clusters),
        fat_(clusters),
        location_(location),
        next_(location.first),
        length_(length),
        stop_(std::move(stop)) {}
  ByteView next() override;

 private:
  // Takes consecutive clusters from next_ on, at most `most`; next_ is what follows them.
  void begin_run(std::uint64_t most);

  const Clusters& clusters_;
  FatReader fat_;
  Location location_;
  std::uint64_t next_;
  Length length_;
  std::stop_token stop_;
  std::uint64_t done_ = 0;
  std::uint64_t at_ = 0;        // in bytes of the medium
  std::uint64_t run_left_ = 0;  // bytes from there on that belong to it
  std::vector<std::byte> block_;
};

}  // namespace gopack::image
