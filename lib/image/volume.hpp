// A filesystem as the image is made of it: how large its structures become, and their bytes. What all have in
// common: whole clusters, numbered from 2, each file and directory in consecutive ones. Private to image.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "gopack/image/parameters.hpp"
#include "nodes.hpp"
#include "part.hpp"

namespace gopack::image {

inline constexpr std::uint64_t kSectorSize = 512;  // bytes
inline constexpr std::uint64_t kFirstCluster = 2;
inline constexpr std::uint64_t kHeapAlignment = 1 << 20;  // bytes, of the first cluster
inline constexpr std::size_t kEntryBytes = 32;            // of one entry of a directory

// Where a volume has what, in bytes from its start.
struct Geometry {
  std::uint64_t bytes = 0;
  std::uint64_t fat_offset = 0;
  std::uint64_t fat_bytes = 0;
  std::uint64_t heap_offset = 0;  // of the first cluster
  std::uint64_t cluster_size = 0;
  std::uint64_t cluster_count = 0;  // 0: it is too small for any

  std::uint64_t clusters_for(std::uint64_t content) const { return quotient_up(content, cluster_size); }
};

// What the structures of one volume are made from.
struct VolumeContent {
  Geometry geometry;
  Nodes nodes;                      // with their clusters
  std::uint64_t used_clusters = 0;  // from the first one on
  std::uint64_t begin = 0;          // of the volume, in bytes of the image
  std::uint32_t serial = 0;
  std::string label;
};

// The most that a filesystem can have.
struct Limits {
  std::uint64_t clusters = 0;
  std::uint64_t cluster_size = 0;  // bytes
  std::uint64_t volume_bytes = 0;
  std::uint64_t file_bytes = 0;       // of one file
  std::uint64_t directory_bytes = 0;  // of one directory's entries
};

class Volume {
 public:
  virtual ~Volume() = default;
  // Of one with this many bytes.
  virtual Geometry geometry(std::uint64_t bytes, std::uint64_t cluster_size) const = 0;
  virtual Limits limits() const = 0;
  // That the filesystem takes for itself, before those of directories and files.
  virtual std::uint64_t own_clusters(const Geometry& geometry) const = 0;
  // Bytes of a directory's entries.
  virtual std::uint64_t directory_bytes(const Nodes& nodes, std::size_t index) const = 0;
  virtual std::string directory(const VolumeContent& content, std::size_t index) const = 0;
  // Everything before the clusters of directories and files. `content` outlives the parts.
  virtual void add_head(Parts& parts, const VolumeContent& content) const = 0;
  // What a partition table calls it.
  virtual std::uint8_t partition_type() const = 0;
};

std::unique_ptr<Volume> make_volume(Filesystem filesystem);

}  // namespace gopack::image
