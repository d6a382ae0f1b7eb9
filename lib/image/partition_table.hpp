// What lies before and behind the volume of an image. Private to image.
#pragma once

#include <cstdint>
#include <string>

#include "gopack/image/parameters.hpp"

namespace gopack::image {

// Bytes before the volume.
std::uint64_t partition_offset(PartitionTable table);

struct Partition {
  std::uint32_t disk_id = 0;
  std::uint8_t type = 0;
  std::uint64_t begin = 0;  // bytes
  std::uint64_t bytes = 0;
};

// The first sector of a disk with one partition. Throws Error (noroom) for a partition that it cannot
// address.
std::string master_boot_record(const Partition& partition);

}  // namespace gopack::image
