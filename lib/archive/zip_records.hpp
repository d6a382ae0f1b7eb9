// The records of a zip archive (PKWARE APPNOTE 6.3), as strictly as Go writes them.
#pragma once

#include <array>
#include <cstdint>

#include "entry_reader.hpp"

namespace gopack::archive {

inline constexpr std::size_t kZipEndSize = 22;         // of the end record, without comment
inline constexpr std::size_t kZipCentralSize = 46;     // of the fixed part of a central record
inline constexpr std::size_t kZipLocalSize = 30;       // of the fixed part of a local header
inline constexpr std::size_t kZipDescriptorSize = 16;  // of a data descriptor

// All functions throw Error (unsafe) that names the rule that is broken.

struct ZipEnd {
  std::uint32_t entries = 0;
  std::uint64_t directory = 0;  // where the central directory starts
};
// `record` is the file's last kZipEndSize bytes. One volume, no comment, no zip64.
ZipEnd parse_zip_end(ByteView record, std::uint64_t file_size);

struct ZipEntry {
  EntryHeader header;
  bool deflated = false;   // otherwise stored
  bool described = false;  // a data descriptor follows the content
  std::uint32_t crc = 0;
  std::uint64_t packed = 0;  // bytes of content in the file
  std::uint64_t offset = 0;  // of the local header
  std::array<std::byte, 26>
      common{};  // the fields that central record and local header share, in both the same
};

// The lengths of the variable part that follows a record's fixed part.
std::size_t zip_central_tail(ByteView fixed);
std::size_t zip_local_tail(ByteView fixed);

ZipEntry parse_zip_central(ByteView fixed, ByteView tail);
// The local header must say what the central record says, name included.
void check_zip_local(const ZipEntry& entry, ByteView fixed, ByteView tail);
void check_zip_descriptor(const ZipEntry& entry, ByteView descriptor);

}  // namespace gopack::archive
