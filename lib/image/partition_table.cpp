#include "partition_table.hpp"

#include <algorithm>
#include <array>

#include "gopack/base/error.hpp"
#include "little_endian.hpp"
#include "volume.hpp"

namespace gopack::image {

namespace {

constexpr std::uint64_t kAlignment = 1 << 20;  // bytes
constexpr std::size_t kGptEntries = 128;
constexpr std::size_t kGptEntryBytes = 128;
constexpr std::uint64_t kGptArraySectors = kGptEntries * kGptEntryBytes / kSectorSize;

using Guid = std::array<std::uint8_t, 16>;  // as it lies on the disk
// EBD0A0A2-B9E5-4433-87C0-68B6B72699C7: basic data, which all systems mount.
constexpr Guid kBasicData = {0xA2, 0xA0, 0xD0, 0xEB, 0xE5, 0xB9, 0x33, 0x44,
                             0x87, 0xC0, 0x68, 0xB6, 0xB7, 0x26, 0x99, 0xC7};

// Of version 8 (RFC 9562): what vendors make as they like.
Guid guid_from(const digest::Sha256& seed, std::string_view role) {
  const auto digest = digest::hash(seed.hex() + " " + std::string(role));
  Guid guid;
  std::copy_n(digest.bytes().begin(), guid.size(), guid.begin());
  guid[7] = static_cast<std::uint8_t>((guid[7] & 0x0F) | 0x80);
  guid[8] = static_cast<std::uint8_t>((guid[8] & 0x3F) | 0x80);
  return guid;
}

void put_guid(std::string& record, std::size_t offset, const Guid& guid) {
  put_text(record, offset, {reinterpret_cast<const char*>(guid.data()), guid.size()});
}

// Cylinder, head and sector beyond what they can say.
constexpr std::uint64_t kNoChs = 0xFFFFFE;

struct MbrPartition {
  std::uint64_t type = 0;
  std::uint64_t begin = 0;  // sectors
  std::uint64_t sectors = 0;
  std::uint64_t first_chs = kNoChs;
  std::uint64_t last_chs = kNoChs;
};
std::string master_boot_record(std::uint32_t disk_id, const MbrPartition& partition) {
  std::string sector(kSectorSize, '\0');
  put(sector, 440, 4, disk_id);
  constexpr std::size_t kEntry = 446;
  put(sector, kEntry + 1, 3, partition.first_chs);
  put(sector, kEntry + 4, 1, partition.type);
  put(sector, kEntry + 5, 3, partition.last_chs);
  put(sector, kEntry + 8, 4, partition.begin);
  put(sector, kEntry + 12, 4, partition.sectors);
  put(sector, 510, 2, 0xAA55);
  return sector;
}

std::string gpt_entries(const Disk& disk) {
  std::string entries(kGptEntries * kGptEntryBytes, '\0');
  put_guid(entries, 0, kBasicData);
  put_guid(entries, 16, guid_from(disk.seed, "partition"));
  put(entries, 32, 8, disk.partition_begin / kSectorSize);
  put(entries, 40, 8, (disk.partition_begin + disk.partition_bytes) / kSectorSize - 1);
  constexpr std::string_view kName = "gopack";
  for (std::size_t i = 0; i < kName.size(); ++i)
    put(entries, 56 + 2 * i, 2, static_cast<unsigned char>(kName[i]));
  return entries;
}

// `own` and `other` are the sectors of this header and of the other one.
std::string gpt_header(const Disk& disk, std::uint64_t own, std::uint64_t other) {
  constexpr std::size_t kHeaderBytes = 92;
  const auto last = disk.bytes / kSectorSize - 1;
  std::string sector(kSectorSize, '\0');
  put_text(sector, 0, "EFI PART");
  put(sector, 8, 4, 0x00010000);
  put(sector, 12, 4, kHeaderBytes);
  put(sector, 24, 8, own);
  put(sector, 32, 8, other);
  put(sector, 40, 8, 2 + kGptArraySectors);         // first usable sector
  put(sector, 48, 8, last - kGptArraySectors - 1);  // last one
  put_guid(sector, 56, guid_from(disk.seed, "disk"));
  put(sector, 72, 8, own == 1 ? 2 : own - kGptArraySectors);
  put(sector, 80, 4, kGptEntries);
  put(sector, 84, 4, kGptEntryBytes);
  put(sector, 88, 4, crc32(gpt_entries(disk)));
  put(sector, 16, 4, crc32(std::string_view(sector).substr(0, kHeaderBytes)));
  return sector;
}

}  // namespace

std::uint32_t crc32(std::string_view bytes) {
  std::uint32_t crc = 0xFFFFFFFF;
  for (const char byte : bytes) {
    crc ^= static_cast<unsigned char>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ ((crc & 1) != 0 ? 0xEDB88320 : 0);
  }
  return ~crc;
}

std::uint64_t bytes_before(PartitionTable table) {
  return table == PartitionTable::none ? 0 : kAlignment;
}

std::uint64_t bytes_behind(PartitionTable table) {
  return table == PartitionTable::gpt ? kAlignment : 0;
}

std::string disk_head(const Disk& disk) {
  const auto begin = disk.partition_begin / kSectorSize;
  const auto sectors = disk.partition_bytes / kSectorSize;
  switch (disk.table) {
    case PartitionTable::none:
      return "";
    case PartitionTable::mbr:
      if (sectors > UINT32_MAX) {
        throw Error(ErrorKind::noroom,
                    "cannot make the image: the partition table mbr cannot address more than 2 TiB")
            .with_hint("choose --partition gpt, or a smaller --size");
      }
      return master_boot_record(disk.id, {disk.partition_type, begin, sectors});
    case PartitionTable::gpt: {
      const auto last = disk.bytes / kSectorSize - 1;
      const MbrPartition protective{0xEE, 1, std::min<std::uint64_t>(last, UINT32_MAX), 0x000200, 0xFFFFFF};
      return master_boot_record(disk.id, protective) + gpt_header(disk, 1, last) + gpt_entries(disk);
    }
  }
  return "";
}

std::string disk_tail(const Disk& disk) {
  if (disk.table != PartitionTable::gpt) return "";
  return gpt_entries(disk) + gpt_header(disk, disk.bytes / kSectorSize - 1, 1);
}

}  // namespace gopack::image
