#include "fat32.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "dos_time.hpp"
#include "fat.hpp"
#include "fat32_format.hpp"

namespace gopack::image {

namespace {

constexpr std::uint64_t kLeastReserved = 32 * kSectorSize;
// Fewer than 65,525 would be a FAT16; the specification keeps 16 clusters away from that (section 3.5).
constexpr std::uint64_t kLeastClusters = 65'525 + 16;
constexpr std::uint64_t kBackupBootSector = 6;
constexpr std::uint64_t kInfoSector = 1;
constexpr std::size_t kLabel = 11;  // characters

std::string label_of(const VolumeContent& content) {
  auto label = content.label.empty() ? std::string("NO NAME") : content.label;
  std::transform(label.begin(), label.end(), label.begin(),
                 [](char c) { return static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c); });
  label.resize(kLabel, ' ');
  return label;
}

// Sections 3.1 and 3.3.
std::string fat32_boot_sector(const VolumeContent& content) {
  const auto& geometry = content.geometry;
  std::string sector(kSectorSize, '\0');
  put_text(sector, 0,
           "\xEB\x58\x90"
           "MSWIN4.1");
  put(sector, 11, 2, kSectorSize);
  put(sector, 13, 1, geometry.cluster_size / kSectorSize);
  put(sector, 14, 2, geometry.fat_offset / kSectorSize);  // reserved sectors
  put(sector, 16, 1, 2);                                  // FATs
  put(sector, 21, 1, 0xF8);                               // a disk
  put(sector, 24, 2, 63);                                 // sectors of a track
  put(sector, 26, 2, 255);                                // heads
  put(sector, 28, 4, content.begin / kSectorSize);
  put(sector, 32, 4, geometry.bytes / kSectorSize);
  put(sector, 36, 4, geometry.fat_bytes / kSectorSize);
  put(sector, 44, 4, content.nodes[0].first_cluster);
  put(sector, 48, 2, kInfoSector);
  put(sector, 50, 2, kBackupBootSector);
  put(sector, 64, 1, 0x80);  // drive
  put(sector, 66, 1, 0x29);  // the three fields that follow are there
  put(sector, 67, 4, content.serial);
  put_text(sector, 71, label_of(content));
  put_text(sector, 82, "FAT32   ");
  put_text(sector, 90, "\xF4\xEB\xFD");  // halts whoever boots from it
  put(sector, 510, 2, 0xAA55);
  return sector;
}

// Section 5.
std::string info_sector(const VolumeContent& content) {
  std::string sector(kSectorSize, '\0');
  put(sector, 0, 4, 0x41615252);
  put(sector, 484, 4, 0x61417272);
  put(sector, 488, 4, content.geometry.cluster_count - content.used_clusters);
  const bool is_full = content.used_clusters == content.geometry.cluster_count;
  put(sector, 492, 4, is_full ? 0xFFFFFFFF : kFirstCluster + content.used_clusters);
  put(sector, 508, 4, 0xAA550000);
  return sector;
}

// Section 6.1.
void put_entry(std::string& entry, const ShortName& name, const Node& node, std::uint64_t first_cluster) {
  const auto time = to_dos_time(node.time);
  put_text(entry, 0, {name.data(), name.size()});
  put(entry, 11, 1, node.file ? archive : directory_bit);
  put(entry, 13, 1, time.hundredths);
  put(entry, 14, 4, time.date_and_time);
  put(entry, 18, 2, time.date_and_time >> 16);
  put(entry, 20, 2, first_cluster >> 16);
  put(entry, 22, 4, time.date_and_time);
  put(entry, 26, 2, first_cluster);
  put(entry, 28, 4, node.file ? node.bytes : 0);
}

std::size_t long_entries(const std::u16string& name) {
  return is_short_name(name) ? 0 : quotient_up(name.size(), kUnitsPerEntry);
}

// Section 7: the last part of a name comes first.
std::string name_entries(const std::u16string& name, const ShortName& short_name) {
  const auto count = long_entries(name);
  std::string entries;
  for (auto part = count; part > 0; --part) {
    std::string entry(kEntryBytes, '\0');
    put(entry, 0, 1, part | (part == count ? kLastPart : 0));
    put(entry, 11, 1, long_name);
    put(entry, 13, 1, checksum_of(short_name));
    for (std::size_t i = 0; i < kUnitsPerEntry; ++i) {
      const auto at = (part - 1) * kUnitsPerEntry + i;
      put(entry, kUnitPlaces[i], 2, at < name.size() ? name[at] : at == name.size() ? 0 : 0xFFFF);
    }
    entries += entry;
  }
  return entries;
}

std::string dot_entries(const Nodes& nodes, std::size_t index, std::size_t parent) {
  std::string entries;
  for (const auto& [dots, cluster] :
       {std::pair{".", nodes[index].first_cluster}, {"..", parent == 0 ? 0 : nodes[parent].first_cluster}}) {
    ShortName name;
    name.fill(' ');
    std::copy_n(dots, std::char_traits<char>::length(dots), name.begin());
    std::string entry(kEntryBytes, '\0');
    put_entry(entry, name, nodes[index], cluster);
    entries += entry;
  }
  return entries;
}

}  // namespace

Geometry Fat32Volume::geometry(std::uint64_t bytes, std::uint64_t cluster_size) const {
  Geometry geometry{.bytes = bytes, .cluster_size = cluster_size};
  const auto most = std::min(bytes / cluster_size, kMostFat32Clusters);
  geometry.fat_bytes = round_up((kFirstCluster + most) * 4, kSectorSize);
  // Clusters follow the FATs at once: what aligns them are reserved sectors.
  geometry.heap_offset = round_up(kLeastReserved + 2 * geometry.fat_bytes, kHeapAlignment);
  geometry.fat_offset = geometry.heap_offset - 2 * geometry.fat_bytes;
  if (bytes <= geometry.heap_offset) return geometry;
  const auto count = std::min((bytes - geometry.heap_offset) / cluster_size, kMostFat32Clusters);
  geometry.cluster_count = count < kLeastClusters ? 0 : count;
  return geometry;
}

Limits Fat32Volume::limits() const {
  return {.clusters = kMostFat32Clusters,
          .cluster_size = 64 << 10,
          .volume_bytes = 0xFFFFFFFF * kSectorSize,
          .file_bytes = 0xFFFFFFFF,
          .directory_bytes = 65'536 * kEntryBytes};
}

std::uint64_t Fat32Volume::directory_bytes(const Nodes& nodes, std::size_t index) const {
  std::uint64_t entries = index == 0 ? 1 : 2;  // the label, or "." and ".."
  for (const auto child : nodes[index].children) entries += 1 + long_entries(nodes[child].name);
  return entries * kEntryBytes;
}

std::string Fat32Volume::directory(const VolumeContent& content, std::size_t index) const {
  const auto& nodes = content.nodes;
  const auto& children = nodes[index].children;
  std::string entries;
  if (index == 0) {
    std::string entry(kEntryBytes, '\0');
    if (!content.label.empty()) {
      Node label;
      label.time = nodes[0].time;
      ShortName name;
      std::ranges::copy(label_of(content), name.begin());
      put_entry(entry, name, label, 0);
      put(entry, 11, 1, volume_id);
      entries += entry;
    }
  } else {
    entries += dot_entries(nodes, index, nodes[index].parent);
  }
  const auto names = short_names(nodes, children);
  for (std::size_t i = 0; i < children.size(); ++i) {
    const auto& child = nodes[children[i]];
    std::string entry(kEntryBytes, '\0');
    put_entry(entry, names[i], child, child.first_cluster);
    entries += name_entries(child.name, names[i]) + entry;
  }
  entries.resize(nodes[index].bytes);
  return entries;
}

void Fat32Volume::add_head(Parts& parts, const VolumeContent& content) const {
  const auto& geometry = content.geometry;
  const auto boot = fat32_boot_sector(content);
  const auto info = info_sector(content);
  parts.add(boot + info);
  parts.fill_to(content.begin + kBackupBootSector * kSectorSize);
  parts.add(boot + info);
  parts.fill_to(content.begin + geometry.fat_offset);
  for (const auto end : {geometry.fat_offset + geometry.fat_bytes, geometry.heap_offset}) {
    add_fat_start(parts, kFat32End);
    for (const auto index : in_order(content.nodes)) {
      const auto& node = content.nodes[index];
      add_chain(parts, {node.first_cluster, geometry.clusters_for(node.bytes)}, kFat32End);
    }
    parts.fill_to(content.begin + end);
  }
}

}  // namespace gopack::image
