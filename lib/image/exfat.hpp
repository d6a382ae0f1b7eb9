// exFAT, revision 1.00 (Microsoft, exFAT file system specification). Private to image.
#pragma once

#include "volume.hpp"

namespace gopack::image {

// One FAT, which only allocation bitmap, up-case table and root directory need; everything else is
// NoFatChain.
class ExfatVolume final : public Volume {
 public:
  Geometry geometry(std::uint64_t bytes, std::uint64_t cluster_size) const override;
  Limits limits() const override;
  std::uint64_t own_clusters(const Geometry& geometry) const override;
  std::uint64_t directory_bytes(const Nodes& nodes, std::size_t index) const override;
  std::string directory(const VolumeContent& content, std::size_t index) const override;
  void add_head(Parts& parts, const VolumeContent& content) const override;
  std::uint8_t partition_type() const override { return 0x07; }
};

}  // namespace gopack::image
