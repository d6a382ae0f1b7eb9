// FAT32 (Microsoft, FAT: general overview of on-disk format, 1.03) with long names. Private to image.
#pragma once

#include "volume.hpp"

namespace gopack::image {

class Fat32Volume final : public Volume {
 public:
  Geometry geometry(std::uint64_t bytes, std::uint64_t cluster_size) const override;
  Limits limits() const override;
  std::uint64_t own_clusters(const Geometry&) const override { return 0; }
  std::uint64_t directory_bytes(const Nodes& nodes, std::size_t index) const override;
  std::string directory(const VolumeContent& content, std::size_t index) const override;
  void add_head(Parts& parts, const VolumeContent& content) const override;
  std::uint8_t partition_type() const override { return 0x0C; }
};

}  // namespace gopack::image
