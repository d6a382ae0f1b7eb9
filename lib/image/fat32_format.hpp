// What writing and reading FAT32 have in common. Private to image.
#pragma once

#include <cstddef>
#include <cstdint>

#include "short_names.hpp"

namespace gopack::image {

inline constexpr std::uint64_t kMostFat32Clusters = 0x0FFFFFF5;
inline constexpr std::uint32_t kFat32End = 0x0FFFFFFF;
inline constexpr std::size_t kUnitsPerEntry = 13;  // of UTF-16 in one entry of a long name
inline constexpr std::size_t kUnitPlaces[kUnitsPerEntry] = {1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30};
inline constexpr std::uint64_t kLastPart = 0x40;  // of a long name: the entry that comes first

enum Attribute : std::uint8_t { volume_id = 0x08, directory_bit = 0x10, archive = 0x20, long_name = 0x0F };

// Section 7: what a long name has of its short one.
inline std::uint8_t checksum_of(const ShortName& name) {
  std::uint8_t sum = 0;
  for (const char c : name)
    sum = static_cast<std::uint8_t>((sum >> 1 | sum << 7) + static_cast<unsigned char>(c));
  return sum;
}

}  // namespace gopack::image
