#include "exfat.hpp"

#include <algorithm>
#include <bit>

#include "dos_time.hpp"
#include "exfat_format.hpp"
#include "fat.hpp"
#include "upcase.hpp"

namespace gopack::image {

namespace {

constexpr std::uint64_t kFatOffset = 64 << 10;  // bytes, behind both boot regions

std::uint64_t bitmap_bytes(const Geometry& geometry) {
  return quotient_up(geometry.cluster_count, 8);
}

std::uint64_t shift_of(std::uint64_t power_of_two) {
  return static_cast<std::uint64_t>(std::countr_zero(power_of_two));
}

// Section 3.1.
std::string exfat_boot_sector(const VolumeContent& content) {
  const auto& geometry = content.geometry;
  std::string sector(kSectorSize, '\0');
  put_text(sector, 0,
           "\xEB\x76\x90"
           "EXFAT   ");
  put(sector, 64, 8, content.begin / kSectorSize);
  put(sector, 72, 8, geometry.bytes / kSectorSize);
  put(sector, 80, 4, geometry.fat_offset / kSectorSize);
  put(sector, 84, 4, geometry.fat_bytes / kSectorSize);
  put(sector, 88, 4, geometry.heap_offset / kSectorSize);
  put(sector, 92, 4, geometry.cluster_count);
  put(sector, 96, 4, content.nodes[0].first_cluster);
  put(sector, 100, 4, content.serial);
  put(sector, 104, 2, 0x0100);  // revision 1.00
  put(sector, 108, 1, shift_of(kSectorSize));
  put(sector, 109, 1, shift_of(geometry.cluster_size / kSectorSize));
  put(sector, 110, 1, 1);     // FATs
  put(sector, 111, 1, 0x80);  // drive
  put(sector, 112, 1, content.used_clusters * 100 / geometry.cluster_count);
  sector.replace(120, 390, 390, '\xF4');  // halts whoever boots from it
  put(sector, 510, 2, 0xAA55);
  return sector;
}

// Sections 3.1 to 3.4: twelve sectors.
std::string boot_region(const VolumeContent& content) {
  constexpr int kExtendedSectors = 8;
  auto region = exfat_boot_sector(content);
  for (int i = 0; i < kExtendedSectors; ++i) {
    region.resize(region.size() + kSectorSize);
    put(region, region.size() - 4, 4, 0xAA550000);
  }
  region.resize(region.size() + 2 * kSectorSize);  // OEM parameters and a reserved sector
  const auto checksum = boot_checksum(region);
  for (std::size_t i = 0; i < kSectorSize / 4; ++i) append(region, 4, checksum);
  return region;
}

std::string bitmap(std::uint64_t used_clusters) {
  std::string bits(used_clusters / 8, '\xFF');
  if (const auto rest = used_clusters % 8; rest > 0) append(bits, 1, (1U << rest) - 1);
  return bits;
}

// Section 7.4.
std::string file_entries(const Node& node, const Geometry& geometry) {
  const auto names = quotient_up(node.name.size(), kUnitsPerName);
  std::string set((2 + names) * kEntryBytes, '\0');
  put(set, 0, 1, file_entry);
  put(set, 1, 1, 1 + names);
  constexpr std::uint64_t kArchive = 0x20;
  put(set, 4, 2, node.file ? kArchive : kExfatDirectory);
  const auto time = to_dos_time(node.time);
  for (const std::size_t at : {8U, 12U, 16U}) put(set, at, 4, time.date_and_time);
  for (const std::size_t at : {20U, 21U}) put(set, at, 1, time.hundredths);
  for (const std::size_t at : {22U, 23U, 24U}) put(set, at, 1, 0x80);  // valid, UTC

  const std::size_t stream = kEntryBytes;
  const auto bytes = node.file ? node.bytes : geometry.clusters_for(node.bytes) * geometry.cluster_size;
  constexpr std::uint64_t kAllocationPossible = 1;
  put(set, stream, 1, stream_entry);
  put(set, stream + 1, 1, kAllocationPossible | (bytes > 0 ? kNoFatChain : 0));
  put(set, stream + 3, 1, node.name.size());
  std::u16string upper(node.name);
  std::transform(upper.begin(), upper.end(), upper.begin(), upcase);
  put(set, stream + 4, 2, name_hash(upper));
  put(set, stream + 8, 8, bytes);
  put(set, stream + 20, 4, node.first_cluster);
  put(set, stream + 24, 8, bytes);

  for (std::size_t i = 0; i < node.name.size(); ++i) {
    const auto entry = (2 + i / kUnitsPerName) * kEntryBytes;
    put(set, entry, 1, name_entry);
    put(set, entry + 2 + i % kUnitsPerName * 2, 2, node.name[i]);
  }
  put(set, 2, 2, set_checksum(set));
  return set;
}

// Sections 7.1 to 7.3: what the root directory has beside files.
std::string volume_entries(const VolumeContent& content) {
  const auto& geometry = content.geometry;
  std::string entries(3 * kEntryBytes, '\0');
  put(entries, 0, 1, label_entry);
  put(entries, 1, 1, content.label.size());
  for (std::size_t i = 0; i < content.label.size(); ++i)
    put(entries, 2 + 2 * i, 2, static_cast<unsigned char>(content.label[i]));
  put(entries, 32, 1, bitmap_entry);
  put(entries, 32 + 20, 4, kFirstCluster);
  put(entries, 32 + 24, 8, bitmap_bytes(geometry));
  const auto& table = upcase_table();
  put(entries, 64, 1, upcase_entry);
  put(entries, 64 + 4, 4, table_checksum(table));
  put(entries, 64 + 20, 4, kFirstCluster + geometry.clusters_for(bitmap_bytes(geometry)));
  put(entries, 64 + 24, 8, table.size());
  return entries;
}

}  // namespace

Geometry ExfatVolume::geometry(std::uint64_t bytes, std::uint64_t cluster_size) const {
  Geometry geometry{.bytes = bytes, .fat_offset = kFatOffset, .cluster_size = cluster_size};
  if (bytes <= kFatOffset) return geometry;
  // The FAT has room for a few clusters more than there are: those in whose place it lies itself.
  const auto most = std::min((bytes - kFatOffset) / cluster_size, kMostExfatClusters);
  geometry.fat_bytes = round_up((kFirstCluster + most) * 4, kSectorSize);
  geometry.heap_offset = round_up(kFatOffset + geometry.fat_bytes, kHeapAlignment);
  if (bytes > geometry.heap_offset)
    geometry.cluster_count = std::min((bytes - geometry.heap_offset) / cluster_size, kMostExfatClusters);
  return geometry;
}

Limits ExfatVolume::limits() const {
  return {.clusters = kMostExfatClusters,
          .cluster_size = 32 << 20,
          .volume_bytes = UINT64_MAX,
          .file_bytes = UINT64_MAX,
          .directory_bytes = 256 << 20};
}

std::uint64_t ExfatVolume::own_clusters(const Geometry& geometry) const {
  return geometry.clusters_for(bitmap_bytes(geometry)) + geometry.clusters_for(upcase_table().size());
}

std::uint64_t ExfatVolume::directory_bytes(const Nodes& nodes, std::size_t index) const {
  std::uint64_t entries = index == 0 ? 3 : 0;
  for (const auto child : nodes[index].children)
    entries += 2 + quotient_up(nodes[child].name.size(), kUnitsPerName);
  return std::max<std::uint64_t>(entries, 1) * kEntryBytes;
}

std::string ExfatVolume::directory(const VolumeContent& content, std::size_t index) const {
  auto entries = index == 0 ? volume_entries(content) : std::string();
  for (const auto child : content.nodes[index].children)
    entries += file_entries(content.nodes[child], content.geometry);
  return entries;
}

void ExfatVolume::add_head(Parts& parts, const VolumeContent& content) const {
  const auto& geometry = content.geometry;
  const auto region = boot_region(content);
  parts.add(region);
  parts.add(region);  // the backup
  parts.fill_to(content.begin + geometry.fat_offset);
  const auto& table = upcase_table();
  add_fat_start(parts, kExfatEnd);
  auto next = kFirstCluster;
  for (const auto bytes : {bitmap_bytes(geometry), table.size(), content.nodes[0].bytes}) {
    add_chain(parts, {next, geometry.clusters_for(bytes)}, kExfatEnd);
    next += geometry.clusters_for(bytes);
  }
  parts.fill_to(content.begin + geometry.heap_offset);
  const auto bits = bitmap(content.used_clusters);
  parts.add(bits);
  parts.add(geometry.clusters_for(bitmap_bytes(geometry)) * geometry.cluster_size - bits.size(), Zeros{});
  parts.add(table);
  parts.add(round_up(table.size(), geometry.cluster_size) - table.size(), Zeros{});
}

}  // namespace gopack::image
