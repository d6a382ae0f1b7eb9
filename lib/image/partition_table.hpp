// What lies before and behind the volume of an image: a master boot record, or a GUID partition table (UEFI
// specification 2.10, chapter 5). Private to image.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "gopack/digest/sha256.hpp"
#include "gopack/image/parameters.hpp"

namespace gopack::image {

// Bytes that are kept before and behind the volume.
std::uint64_t bytes_before(PartitionTable table);
std::uint64_t bytes_behind(PartitionTable table);

// As a GUID partition table has it.
std::uint32_t crc32(std::string_view bytes);

// A disk with one partition.
struct Disk {
  PartitionTable table = PartitionTable::none;
  std::uint64_t bytes = 0;
  std::uint64_t partition_begin = 0;  // bytes
  std::uint64_t partition_bytes = 0;
  std::uint8_t partition_type = 0;  // in a master boot record
  std::uint32_t id = 0;             // in that, too
  digest::Sha256 seed;              // of the GUIDs
};

// What lies at its start. Throws Error (noroom) for a partition that the table cannot address.
std::string disk_head(const Disk& disk);
// What lies at its very end; may be empty.
std::string disk_tail(const Disk& disk);

}  // namespace gopack::image
