#include "partition_reader.hpp"

#include <vector>

#include "gopack/base/error.hpp"
#include "little_endian.hpp"
#include "partition_table.hpp"
#include "volume.hpp"

namespace gopack::image {

namespace {

constexpr std::uint64_t kMostSectors = std::uint64_t{1} << 53;  // of any medium; 2^62 bytes
constexpr std::string_view kGptName = "EFI PART";
constexpr std::uint64_t kProtective = 0xEE;
constexpr const char* kRecord = "master boot record";

struct Partition {
  std::uint64_t begin = 0;  // sectors
  std::uint64_t sectors = 0;
  std::uint64_t type = 0;
};

std::vector<Partition> partitions_of(std::string_view record, Faults& faults) {
  constexpr std::size_t kFirst = 446;
  constexpr std::size_t kBytes = 16;
  std::vector<Partition> partitions;
  for (std::size_t at = kFirst; at < kFirst + 4 * kBytes; at += kBytes) {
    const auto type = get(record, at + 4, 1);
    if (type == 0) continue;
    const auto status = get(record, at, 1);
    faults.expect(status == 0 || status == 0x80, kRecord, "a partition that is active or not",
                  fmt::format("status {:#04x}", status));
    partitions.push_back({get(record, at + 8, 4), get(record, at + 12, 4), type});
  }
  return partitions;
}

std::optional<VolumePlace> only_one(const std::vector<Partition>& partitions, PartitionTable table,
                                    Faults& faults) {
  const auto* name = table == PartitionTable::gpt ? "GUID partition table" : kRecord;
  if (partitions.size() > 1) {
    throw Error(ErrorKind::usage,
                fmt::format("cannot read the image: it has {} partitions", partitions.size()))
        .with_hint("name the device of one partition, such as /dev/sdX1");
  }
  if (partitions.empty()) {
    faults.add(name, "one partition", "none");
    return std::nullopt;
  }
  const auto& one = partitions.front();
  if (!faults.expect(
          one.begin > 0 && one.sectors > 0 && one.sectors < kMostSectors && one.begin < kMostSectors, name,
          "a partition behind it", fmt::format("{} sectors from sector {}", one.sectors, one.begin)))
    return std::nullopt;
  return VolumePlace{table, one.begin * kSectorSize, one.sectors * kSectorSize, one.type};
}

// One copy of a GUID partition table.
struct GptCopy {
  std::string header;   // a sector
  std::string entries;  // empty: they cannot be relied on
};

GptCopy read_copy(const Medium& medium, std::uint64_t sector, const char* name, Faults& faults) {
  constexpr std::uint64_t kMostEntryBytes = 1 << 20;
  constexpr std::uint64_t kLeastHeader = 92;
  GptCopy copy;
  if (sector >= kMostSectors) {
    faults.add(name, "a sector of the medium", fmt::format("sector {}", sector));
    return copy;
  }
  copy.header = medium.read(sector * kSectorSize, kSectorSize);
  const auto& header = copy.header;
  const auto bytes = get(header, 12, 4);
  if (!faults.expect(header.starts_with(kGptName) && bytes >= kLeastHeader && bytes <= kSectorSize, name,
                     "a header in sector " + std::to_string(sector), "something else"))
    return copy;
  auto without = header.substr(0, bytes);
  put(without, 16, 4, 0);
  const auto crc = crc32(without);
  if (!faults.expect(crc == get(header, 16, 4), name, fmt::format("checksum {:08x}", get(header, 16, 4)),
                     fmt::format("{:08x}", crc)))
    return copy;
  faults.expect(get(header, 24, 8) == sector, name, fmt::format("that it is in sector {}", sector),
                fmt::format("sector {}", get(header, 24, 8)));
  const auto begin = get(header, 72, 8);
  const auto size = get(header, 84, 4);
  const auto count = get(header, 80, 4);
  if (!faults.expect(size >= 128 && size % 8 == 0 && count > 0 && count <= kMostEntryBytes / size &&
                         begin < kMostSectors,
                     name, "entries of 128 bytes", fmt::format("{} of {} in sector {}", count, size, begin)))
    return copy;
  auto entries = medium.read(begin * kSectorSize, size * count);
  const auto found = crc32(entries);
  if (faults.expect(found == get(header, 88, 4), name,
                    fmt::format("checksum of its entries {:08x}", get(header, 88, 4)),
                    fmt::format("{:08x}", found)))
    copy.entries = std::move(entries);
  return copy;
}

std::vector<Partition> partitions_of(const GptCopy& copy) {
  std::vector<Partition> partitions;
  const auto size = get(copy.header, 84, 4);
  for (std::uint64_t at = 0; at + size <= copy.entries.size(); at += size) {
    const auto entry = std::string_view(copy.entries).substr(at, size);
    if (entry.substr(0, 16).find_first_not_of('\0') == std::string_view::npos) continue;
    const auto first = get(entry, 32, 8);
    const auto last = get(entry, 40, 8);
    partitions.push_back({first, last >= first && last != UINT64_MAX ? last - first + 1 : 0, 0});
  }
  return partitions;
}

// Both copies say the same but for where they are.
void compare(const GptCopy& first, const GptCopy& second, Faults& faults) {
  if (first.entries.empty() || second.entries.empty()) return;
  const auto same = [&](std::size_t offset, std::size_t bytes) {
    return first.header.compare(offset, bytes, second.header, offset, bytes) == 0;
  };
  faults.expect(same(40, 32) && same(80, 12) && first.entries == second.entries,
                "second GUID partition table", "what the first one says", "something else");
}

std::optional<VolumePlace> find_in_gpt(const Medium& medium, Faults& faults) {
  const auto first = read_copy(medium, 1, "first GUID partition table", faults);
  const auto size = medium.size();
  const auto last =
      !first.entries.empty() ? get(first.header, 32, 8) : size / kSectorSize - (size > 0 ? 1 : 0);
  if (last == 0) {
    faults.add("GUID partition table", "a sound one", "none");
    return std::nullopt;
  }
  const auto second = read_copy(medium, last, "second GUID partition table", faults);
  compare(first, second, faults);
  const auto& sound = first.entries.empty() ? second : first;
  if (sound.entries.empty()) return std::nullopt;
  return only_one(partitions_of(sound), PartitionTable::gpt, faults);
}

}  // namespace

bool has_exfat_name(std::string_view boot_sector) {
  return boot_sector.substr(3, 8) == "EXFAT   ";
}

bool has_fat32_name(std::string_view boot_sector) {
  return boot_sector.substr(82, 8) == "FAT32   ";
}

std::optional<VolumePlace> find_volume(const Medium& medium, Faults& faults) {
  constexpr VolumePlace kAlone{PartitionTable::none, 0, kMostSectors * kSectorSize, 0};
  const auto head = medium.read(0, 13 * kSectorSize);  // up to the backup of a boot sector
  const auto sector = [&](std::size_t number) {
    return std::string_view(head).substr(number * kSectorSize, kSectorSize);
  };
  if (has_exfat_name(sector(0)) || has_fat32_name(sector(0))) return kAlone;
  if (has_fat32_name(sector(6)) || has_exfat_name(sector(12))) return kAlone;
  faults.expect(get(head, 510, 2) == 0xAA55, kRecord, "the mark 55 aa at its end",
                fmt::format("{:02x} {:02x}", get(head, 510, 1), get(head, 511, 1)));
  auto partitions = partitions_of(sector(0), faults);
  const bool is_protective = partitions.size() == 1 && partitions[0].type == kProtective;
  if (is_protective || sector(1).starts_with(kGptName)) {
    faults.expect(is_protective, kRecord, "one that protects the GUID partition table", "another one");
    return find_in_gpt(medium, faults);
  }
  return only_one(partitions, PartitionTable::mbr, faults);
}

bool is_image(const File& file, std::string_view name) {
  if (name.ends_with(".img")) return true;
  std::string head(2 * kSectorSize, '\0');
  file.read_at(std::as_writable_bytes(std::span(head.data(), head.size())), 0);
  return has_exfat_name(head) || has_fat32_name(head) ||
         head.compare(kSectorSize, kGptName.size(), kGptName) == 0 || get(head, 510, 2) == 0xAA55;
}

}  // namespace gopack::image
