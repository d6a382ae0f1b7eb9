// Where the volume of a disk is. Private to image.
#pragma once

#include <cstdint>
#include <optional>

#include "gopack/image/parameters.hpp"
#include "medium.hpp"

namespace gopack::image {

struct VolumePlace {
  PartitionTable table = PartitionTable::none;
  std::uint64_t begin = 0;  // in bytes of the medium
  std::uint64_t bytes = 0;  // of the partition; without one: the most there can be
  std::uint64_t type = 0;   // in a master boot record
};

bool has_exfat_name(std::string_view boot_sector);
bool has_fat32_name(std::string_view boot_sector);

// Checks the partition table, if there is one. Nothing where it does not lead to a volume, which is a fault.
// Throws Error: usage where there are several, failed.
std::optional<VolumePlace> find_volume(const Medium& medium, Faults& faults);

}  // namespace gopack::image
