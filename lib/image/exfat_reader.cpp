// Sections are those of Microsoft's exFAT file system specification, revision 1.00.
#include <array>

#include "exfat_format.hpp"
#include "little_endian.hpp"
#include "upcase.hpp"
#include "volume_reader.hpp"

namespace gopack::image {

namespace {

constexpr std::size_t kAllUnits = 0x10000;
constexpr const char* kBitmap = "allocation bitmap";
constexpr const char* kTable = "up-case table";
constexpr std::uint8_t kInUse = 0x80;
constexpr std::uint8_t kSecondary = 0x40;
constexpr std::uint8_t kBenign = 0x20;

std::uint8_t type_of(std::string_view entry) {
  return static_cast<std::uint8_t>(entry[0]);
}

bool is_exfat(std::string_view sector) {
  const auto sector_shift = get(sector, 108, 1);
  return has_exfat_name(sector) && get(sector, 510, 2) == 0xAA55 && sector_shift >= 9 && sector_shift <= 12 &&
         sector_shift + get(sector, 109, 1) <= 25 && get(sector, 110, 1) == 1 && get(sector, 105, 1) == 1 &&
         sector.substr(11, 53).find_first_not_of('\0') == std::string_view::npos;
}

// Whether its parts lie one behind the other, and the FAT has an entry for each cluster.
bool has_room(const Geometry& geometry) {
  return geometry.fat_bytes >= 4 * (geometry.cluster_count + kFirstCluster) &&
         geometry.heap_offset >= geometry.fat_offset + geometry.fat_bytes && geometry.cluster_count > 0 &&
         geometry.cluster_count <= kMostExfatClusters &&
         geometry.heap_offset + geometry.cluster_count * geometry.cluster_size <= geometry.bytes;
}

// Of a file's entries, as far as they have it.
std::u16string name_in(std::string_view set, std::size_t length) {
  std::u16string name;
  for (auto at = 2 * kEntryBytes; at < set.size() && type_of(set.substr(at)) == name_entry;
       at += kEntryBytes) {
    for (std::size_t i = 0; i < kUnitsPerName && name.size() < length; ++i)
      name += static_cast<char16_t>(get(set, at + 2 + 2 * i, 2));
  }
  return name;
}

class ExfatReader final : public VolumeReader {
 public:
  using VolumeReader::VolumeReader;

 protected:
  std::optional<Boot> read_boot() override;
  FatFormat fat_format() const override { return {0xFFFFFFFF, kExfatEnd}; }
  void read_own(const Directory& root) override;
  void read_entries(const Directory& directory, ByteSource& source) override;
  std::u16string folded(std::u16string_view name) const override;
  void compare_allocation() override;

 private:
  struct Own {
    std::uint32_t first = 0;
    std::uint64_t bytes = 0;
    std::uint32_t checksum = 0;  // of the up-case table
  };

  std::string region(const char* name, std::uint64_t offset, std::uint64_t sector_size);
  std::optional<Boot> parse(std::string_view sector);
  void check_fat_start();
  bool is_own(const Directory& directory, std::string_view entry) const;
  std::optional<Own> find_own(const Directory& root, EntryType type, const char* name);
  void read_table(const Own& own);
  std::string_view read_set(const Directory& directory, EntryReader& entries, std::string_view entry);
  void add_set(const Directory& directory, std::string_view set);
  void tell(const Directory& directory, std::string expected, std::string found) {
    faults().add(directory.name(), std::move(expected), std::move(found));
  }

  std::vector<char16_t> table_;  // empty: the recommended one
  std::optional<Own> bitmap_;
};

// Sections 3.1 to 3.4. Twelve sectors; empty where their checksum is wrong.
std::string ExfatReader::region(const char* name, std::uint64_t offset, std::uint64_t sector_size) {
  auto text = medium().read(place().begin + offset, 12 * sector_size);
  const auto checksum = boot_checksum(std::string_view(text).substr(0, 11 * sector_size));
  for (std::size_t at = 11 * sector_size; at < text.size(); at += 4) {
    const auto found = get(text, at, 4);
    if (!faults().expect(found == checksum, name, fmt::format("checksum {:08x}", checksum),
                         fmt::format("{:08x}", found)))
      return "";
  }
  return text;
}

std::optional<VolumeReader::Boot> ExfatReader::read_boot() {
  // A sector's size is in it: that of a damaged one is not to be relied on.
  const auto shift = get(medium().read(place().begin, kSectorSize), 108, 1);
  const auto sector_size = std::uint64_t{1} << (shift > 9 && shift <= 12 ? shift : 9);
  auto first = region("boot region", 0, sector_size);
  const auto second = region("backup boot region", 12 * sector_size, sector_size);
  if (!first.empty() && !second.empty()) {
    for (std::size_t i = 0; i < first.size(); ++i) {
      if (first[i] == second[i] || is_changing(i)) continue;
      faults().add("backup boot region", "what the boot region says", fmt::format("another byte {}", i));
      break;
    }
  }
  if (first.empty()) first = second;
  return first.empty() ? std::nullopt : parse(first);
}

std::optional<VolumeReader::Boot> ExfatReader::parse(std::string_view sector) {
  constexpr const char* kSector = "boot sector";
  if (!faults().expect(is_exfat(sector), kSector, "exFAT 1.00 with one FAT", "something else"))
    return std::nullopt;
  const auto sector_shift = get(sector, 108, 1);
  const auto cluster_shift = sector_shift + get(sector, 109, 1);
  constexpr auto kMostSectors = std::uint64_t{1} << 49;
  const auto sectors = get(sector, 72, 8);
  const auto at = [&](std::size_t offset) { return get(sector, offset, 4) << sector_shift; };
  Boot boot{{.bytes = std::min(sectors, kMostSectors) << sector_shift,
             .fat_offset = at(80),
             .fat_bytes = at(84),
             .heap_offset = at(88),
             .cluster_size = std::uint64_t{1} << cluster_shift,
             .cluster_count = get(sector, 92, 4)},
            static_cast<std::uint32_t>(get(sector, 96, 4))};
  const bool fits = sectors < kMostSectors && boot.geometry.bytes <= place().bytes &&
                    boot.geometry.fat_offset >= 24ULL << sector_shift && has_room(boot.geometry);
  if (!faults().expect(fits, kSector, "a volume in which FAT and clusters have room", "a smaller one"))
    return std::nullopt;
  const auto flags = get(sector, 106, 2);
  if ((flags & 2) != 0) note("the filesystem is marked as in use: it was not unmounted");
  if ((flags & 4) != 0) note("the filesystem is marked as one whose medium has failed");
  const auto percent = get(sector, 112, 1);
  faults().expect(percent <= 100 || percent == 0xFF, kSector, "at most 100 percent in use",
                  fmt::format("{}", percent));
  return boot;
}

// Section 4.1.
void ExfatReader::check_fat_start() {
  const auto start = medium().read(clusters().fat_offset(), 8);
  faults().expect(get(start, 0, 4) == 0xFFFFFFF8 && get(start, 4, 4) == kExfatEnd, "FAT",
                  "fffffff8 ffffffff at its start",
                  fmt::format("{:08x} {:08x}", get(start, 0, 4), get(start, 4, 4)));
}

void ExfatReader::read_own(const Directory& root) {
  check_fat_start();
  bitmap_ = find_own(root, bitmap_entry, kBitmap);
  if (bitmap_) {
    const auto bytes = quotient_up(clusters().geometry().cluster_count, 8);
    if (!faults().expect(bitmap_->bytes == bytes, kBitmap, fmt::format("{} bytes", bytes),
                         fmt::format("{} bytes", bitmap_->bytes)) ||
        !clusters().take({bitmap_->first, false}, clusters().geometry().clusters_for(bytes), kBitmap,
                         faults()))
      bitmap_.reset();
  }
  if (const auto table = find_own(root, upcase_entry, kTable)) read_table(*table);
}

std::optional<ExfatReader::Own> ExfatReader::find_own(const Directory& root, EntryType type,
                                                      const char* name) {
  auto source = content(root.location, root.bytes);
  EntryReader entries(source);
  std::optional<Own> own;
  std::size_t count = 0;
  for (auto entry = entries.next(); !entry.empty() && entry[0] != 0; entry = entries.next()) {
    if (type_of(entry) != type || count++ > 0) continue;
    own = {static_cast<std::uint32_t>(get(entry, 20, 4)), get(entry, 24, 8),
           static_cast<std::uint32_t>(get(entry, 4, 4))};
  }
  faults().expect(count == 1, "root directory", fmt::format("one {}", name), fmt::format("{}", count));
  return own;
}

// Section 7.2.5.
void ExfatReader::read_table(const Own& own) {
  const auto is_possible = own.bytes > 0 && own.bytes % 2 == 0 && own.bytes <= 2 * kAllUnits;
  if (!faults().expect(is_possible, kTable, "at most 128 KiB", fmt::format("{} bytes", own.bytes)) ||
      !clusters().take({own.first, false}, clusters().geometry().clusters_for(own.bytes), kTable, faults()))
    return;
  auto source = content({own.first, false}, own.bytes);
  const auto text = read_all(source, own.bytes);
  if (!faults().expect(table_checksum(text) == own.checksum, kTable,
                       fmt::format("checksum {:08x}", own.checksum),
                       fmt::format("{:08x}", table_checksum(text))))
    return;
  std::vector<char16_t> table(kAllUnits);
  for (std::size_t i = 0; i < kAllUnits; ++i) table[i] = static_cast<char16_t>(i);
  std::size_t unit = 0;
  for (std::size_t at = 0; at + 2 <= text.size() && unit < kAllUnits; at += 2) {
    const auto value = get(text, at, 2);
    if (value == 0xFFFF && at + 4 <= text.size()) {
      at += 2;
      unit += get(text, at, 2);  // that are their own upper case
    } else {
      table[unit++] = static_cast<char16_t>(value);
    }
  }
  if (faults().expect(unit <= kAllUnits, kTable, "65536 units", "more")) table_ = std::move(table);
}

std::u16string ExfatReader::folded(std::u16string_view name) const {
  std::u16string upper(name);
  for (auto& unit : upper) unit = table_.empty() ? upcase(unit) : table_[unit];
  return upper;
}

bool ExfatReader::is_own(const Directory& directory, std::string_view entry) const {
  const auto type = type_of(entry);
  return directory.is_root() && (type == bitmap_entry || type == upcase_entry || type == label_entry);
}

// Section 6. Kinds that are benign are somebody else's.
void ExfatReader::read_entries(const Directory& directory, ByteSource& source) {
  EntryReader entries(source);
  for (auto entry = entries.next(); !entry.empty() && entry[0] != 0;) {
    const auto type = type_of(entry);
    if (type == file_entry) {
      entry = read_set(directory, entries, entry);
      continue;
    }
    const bool is_known =
        (type & kInUse) == 0 || is_own(directory, entry) || (type & (kBenign | kSecondary)) == kBenign;
    if (!is_known) tell(directory, "entries of files", fmt::format("one of type {:02x}", type));
    entry = entries.next();
  }
}

// Returns the entry behind it.
std::string_view ExfatReader::read_set(const Directory& directory, EntryReader& entries,
                                       std::string_view entry) {
  std::string set(entry);
  const auto count = get(set, 1, 1);
  for (std::uint64_t i = 0; i < count; ++i) {
    entry = entries.next();
    if (entry.empty() || (type_of(entry) & (kInUse | kSecondary)) != (kInUse | kSecondary)) {
      tell(directory, fmt::format("a file of {} entries", count + 1), fmt::format("{}", i + 1));
      return entry;
    }
    set += entry;
  }
  add_set(directory, set);
  return entries.next();
}

// Sections 7.4, 7.6 and 7.7.
void ExfatReader::add_set(const Directory& directory, std::string_view set) {
  const auto checksum = set_checksum(set);
  if (checksum != get(set, 2, 2)) {
    return tell(directory, fmt::format("a file whose entries have the checksum {:04x}", get(set, 2, 2)),
                fmt::format("{:04x}", checksum));
  }
  if (set.size() < 3 * kEntryBytes || type_of(set.substr(kEntryBytes)) != stream_entry)
    return tell(directory, "a file with an entry that says where it lies", "none");
  const auto stream = set.substr(kEntryBytes, kEntryBytes);
  const auto length = get(stream, 3, 1);
  const auto name = name_in(set, length);
  if (length == 0 || name.size() != length)
    return tell(directory, "a file with a name", fmt::format("{} of {} characters", name.size(), length));
  if (const auto hash = name_hash(folded(name)); hash != get(stream, 4, 2))
    tell(directory, fmt::format("a name whose hash is {:04x}", hash),
         fmt::format("{:04x}", get(stream, 4, 2)));
  StoredFile file{.path = {},
                  .is_directory = (get(set, 4, 2) & kExfatDirectory) != 0,
                  .is_consecutive = (get(stream, 1, 1) & kNoFatChain) != 0,
                  .first_cluster = static_cast<std::uint32_t>(get(stream, 20, 4)),
                  .bytes = get(stream, 24, 8),
                  .valid_bytes = get(stream, 8, 8)};
  const auto& geometry = clusters().geometry();
  const bool is_possible = file.valid_bytes <= file.bytes && (file.bytes == 0) == (file.first_cluster == 0) &&
                           file.bytes <= geometry.cluster_count * geometry.cluster_size &&
                           (!file.is_directory || file.bytes % geometry.cluster_size == 0);
  if (!is_possible) {
    tell(directory, "a file of a possible length",
         fmt::format("{} bytes from cluster {}, of which {} are written", file.bytes, file.first_cluster,
                     file.valid_bytes));
    return;
  }
  const auto count = geometry.clusters_for(file.bytes);
  add(directory, name, std::move(file), count);
}

// Section 7.1.5.
void ExfatReader::compare_allocation() {
  constexpr std::uint32_t kBad = 0xFFFFFFF7;
  if (!bitmap_) return;
  AllocationCheck check(clusters(), faults(), kBitmap);
  FatReader fat(clusters());
  auto source = content({bitmap_->first, false}, bitmap_->bytes);
  std::uint64_t cluster = kFirstCluster;
  for (auto block = source.next(); !block.empty(); block = source.next()) {
    for (const auto byte : block) {
      for (int bit = 0; bit < 8 && clusters().has(cluster); ++bit, ++cluster) {
        bool is_allocated = (std::to_integer<unsigned>(byte) >> bit & 1) != 0;
        if (is_allocated && !clusters().is_taken(cluster) && fat.next(cluster) == kBad) is_allocated = false;
        check.add(cluster, is_allocated);
      }
    }
  }
  check.finish();
}

}  // namespace

std::unique_ptr<VolumeReader> make_exfat_reader(const Medium& medium, const VolumePlace& place,
                                                Findings& findings, const std::stop_token& stop) {
  return std::make_unique<ExfatReader>(medium, place, findings, stop);
}

}  // namespace gopack::image
