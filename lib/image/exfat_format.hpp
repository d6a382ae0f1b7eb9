// What writing and reading exFAT have in common. Sections are those of Microsoft's specification. Private to
// image.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gopack::image {

inline constexpr std::uint64_t kMostExfatClusters = 0xFFFFFFF5;  // 2^32 - 11
inline constexpr std::size_t kUnitsPerName = 15;                 // of UTF-16 in one File Name entry
inline constexpr std::uint32_t kExfatEnd = 0xFFFFFFFF;
inline constexpr std::uint64_t kNoFatChain = 2;         // a flag of a Stream Extension
inline constexpr std::uint64_t kExfatDirectory = 0x10;  // an attribute

enum EntryType : std::uint8_t {
  bitmap_entry = 0x81,
  upcase_entry = 0x82,
  label_entry = 0x83,
  file_entry = 0x85,
  stream_entry = 0xC0,
  name_entry = 0xC1,
};

template <typename Sum>
Sum rotate_in(Sum sum, std::uint64_t byte) {
  return static_cast<Sum>(std::rotr(sum, 1) + (byte & 0xFF));
}

// Whether bytes of a boot sector change without its checksum: VolumeFlags and PercentInUse.
constexpr bool is_changing(std::size_t offset) {
  return offset == 106 || offset == 107 || offset == 112;
}

// Section 3.4: of the eleven sectors before it.
inline std::uint32_t boot_checksum(std::string_view sectors) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < sectors.size(); ++i) {
    if (!is_changing(i)) sum = rotate_in(sum, static_cast<unsigned char>(sectors[i]));
  }
  return sum;
}

// Section 7.2.2.
inline std::uint32_t table_checksum(std::string_view table) {
  std::uint32_t sum = 0;
  for (const char byte : table) sum = rotate_in(sum, static_cast<unsigned char>(byte));
  return sum;
}

// Section 6.3.3: of all entries of a file.
inline std::uint16_t set_checksum(std::string_view entries) {
  std::uint16_t sum = 0;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (i != 2 && i != 3) sum = rotate_in(sum, static_cast<unsigned char>(entries[i]));
  }
  return sum;
}

// Section 7.6.4: of a name in upper case.
inline std::uint16_t name_hash(std::u16string_view upper) {
  std::uint16_t sum = 0;
  for (const auto unit : upper) sum = rotate_in(rotate_in(sum, unit), unit >> 8U);
  return sum;
}

}  // namespace gopack::image
