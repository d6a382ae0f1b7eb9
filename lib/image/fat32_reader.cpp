// Sections are those of Microsoft's FAT: general overview of on-disk format, 1.03.
#include <bit>
#include <cstring>

#include "fat32_format.hpp"
#include "gopack/base/report.hpp"
#include "little_endian.hpp"
#include "volume_reader.hpp"

namespace gopack::image {

namespace {

constexpr std::uint32_t kFat32Mask = 0x0FFFFFFF;
constexpr const char* kFat32Sector = "boot sector";

// Sections 3.1 and 3.3. What a FAT12 or FAT16 would have is zero.
bool has_fat32_sizes(std::string_view sector) {
  const auto sector_size = get(sector, 11, 2);
  return std::has_single_bit(sector_size) && sector_size >= 512 && sector_size <= 4096 &&
         std::has_single_bit(get(sector, 13, 1)) && get(sector, 14, 2) > 0 && get(sector, 17, 2) == 0 &&
         get(sector, 19, 2) == 0 && get(sector, 22, 2) == 0 && get(sector, 36, 4) > 0;
}

bool is_fat32(std::string_view sector) {
  const auto tables = get(sector, 16, 1);
  return get(sector, 510, 2) == 0xAA55 && (sector[0] == '\xEB' || sector[0] == '\xE9') &&
         has_fat32_sizes(sector) && (tables == 1 || tables == 2) && get(sector, 42, 2) == 0 &&
         get(sector, 21, 1) >= 0xF0;
}

// A long name, whose last part comes first.
class LongName {
 public:
  bool is_begun() const { return left_ > 0 || is_whole_; }
  // Whether the part is the one that has to come.
  bool take(std::string_view entry) {
    const auto number = get(entry, 0, 1);
    if ((number & kLastPart) != 0) {
      clear();
      left_ = number & ~kLastPart;
      sum_ = get(entry, 13, 1);
    }
    if (left_ == 0 || left_ > 20 || (number & ~kLastPart) != left_ || get(entry, 13, 1) != sum_) return false;
    std::u16string part;
    for (const auto at : kUnitPlaces) part += static_cast<char16_t>(get(entry, at, 2));
    units_ = part + units_;
    is_whole_ = --left_ == 0;
    return true;
  }
  bool belongs_to(const ShortName& name) const { return is_whole_ && checksum_of(name) == sum_; }
  std::u16string_view text() const { return std::u16string_view(units_).substr(0, units_.find(u'\0')); }
  void clear() { *this = {}; }

 private:
  std::u16string units_;
  std::uint64_t left_ = 0;  // parts
  std::uint64_t sum_ = 0;
  bool is_whole_ = false;
};

// A short name as systems show it where there is no long one. What is not ASCII depends on a code page.
std::u16string to_text(const ShortName& name, std::uint64_t case_bits) {
  constexpr std::size_t kBaseLength = 8;
  const auto part = [&](std::size_t begin, std::size_t end, bool is_lower) {
    while (end > begin && name[end - 1] == ' ') --end;
    std::u16string text;
    for (auto i = begin; i < end; ++i) {
      const auto byte = static_cast<unsigned char>(name[i]);
      const bool is_letter = byte >= 'A' && byte <= 'Z';
      text +=
          byte >= 0x80 ? u'\uFFFD' : static_cast<char16_t>(is_letter && is_lower ? byte - 'A' + 'a' : byte);
    }
    return text;
  };
  auto text = part(0, kBaseLength, (case_bits & 8) != 0);
  const auto extension = part(kBaseLength, name.size(), (case_bits & 16) != 0);
  return extension.empty() ? text : text + u"." + extension;
}

class Fat32Reader final : public VolumeReader {
 public:
  using VolumeReader::VolumeReader;

 protected:
  std::optional<Boot> read_boot() override;
  FatFormat fat_format() const override { return {kFat32Mask, 0x0FFFFFF8}; }
  void read_own(const Directory& root) override;
  void read_entries(const Directory& directory, ByteSource& source) override;
  std::u16string folded(std::u16string_view name) const override;
  void compare_allocation() override;

 private:
  std::optional<Boot> parse();
  std::string read_info(std::uint64_t sector, const char* name);
  void compare_tables();
  bool is_dots(const Directory& directory, std::uint64_t number, std::string_view entry);
  void add_entry(const Directory& directory, std::string_view entry);
  void tell(const Directory& directory, std::string expected, std::string found) {
    faults().add(directory.name(), std::move(expected), std::move(found));
  }

  std::string boot_;                   // the sector that is relied on
  std::string info_;                   // empty: there is none
  std::uint64_t sector_size_ = 0;      // bytes
  std::uint64_t first_of_tables_ = 0;  // bytes from the start of the volume
  LongName long_name_;
};

std::optional<VolumeReader::Boot> Fat32Reader::read_boot() {
  constexpr std::size_t kDirty = 65;  // Linux marks it there
  constexpr std::uint64_t kUsualBackup = 6;
  boot_ = medium().read(place().begin, kSectorSize);
  const bool is_sound = faults().expect(is_fat32(boot_), kFat32Sector, "one of FAT32", "something else");
  auto number = is_sound ? get(boot_, 50, 2) : kUsualBackup;
  const auto size = is_sound ? get(boot_, 11, 2) : kSectorSize;
  if (number == 0xFFFF) number = 0;
  if (number > 0) {
    auto backup = medium().read(place().begin + number * size, kSectorSize);
    auto first = boot_;
    first[kDirty] = backup[kDirty] = 0;
    if (first != backup && is_sound) {
      const auto at = std::mismatch(first.begin(), first.end(), backup.begin()).first - first.begin();
      faults().add("backup boot sector", "what the boot sector says", fmt::format("another byte {}", at));
    }
    if (!is_sound) boot_ = std::move(backup);
  }
  if (!is_sound && !faults().expect(is_fat32(boot_), "backup boot sector", "one of FAT32", "something else"))
    return std::nullopt;
  if (boot_[kDirty] & 1) note("the filesystem is marked as in use: it was not unmounted");
  return parse();
}

std::optional<VolumeReader::Boot> Fat32Reader::parse() {
  sector_size_ = get(boot_, 11, 2);
  const auto reserved = get(boot_, 14, 2);
  const auto tables = get(boot_, 16, 1);
  const auto table_sectors = get(boot_, 36, 4);
  const auto sectors = get(boot_, 32, 4);
  const auto flags = get(boot_, 40, 2);
  const auto active = (flags & 0x80) != 0 ? flags & 0xF : 0;  // the only one that is kept up to date
  Boot boot{{.bytes = sectors * sector_size_,
             .fat_offset = (reserved + active * table_sectors) * sector_size_,
             .fat_bytes = table_sectors * sector_size_,
             .heap_offset = (reserved + tables * table_sectors) * sector_size_,
             .cluster_size = get(boot_, 13, 1) * sector_size_},
            static_cast<std::uint32_t>(get(boot_, 44, 4))};
  auto& geometry = boot.geometry;
  first_of_tables_ = reserved * sector_size_;
  if (geometry.bytes > geometry.heap_offset)
    geometry.cluster_count = (geometry.bytes - geometry.heap_offset) / geometry.cluster_size;
  const bool fits = geometry.bytes <= place().bytes && active < tables && geometry.cluster_count > 0 &&
                    geometry.cluster_count <= kMostFat32Clusters &&
                    geometry.fat_bytes >= 4 * (geometry.cluster_count + kFirstCluster);
  if (!faults().expect(fits, kFat32Sector, "a volume in which FATs and clusters have room", "a smaller one"))
    return std::nullopt;
  if (const auto number = get(boot_, 48, 2); number > 0 && number < reserved) {
    info_ = read_info(number, "information sector");
    if (const auto backup = get(boot_, 50, 2); backup > 0 && backup + number < reserved)
      read_info(backup + number, "backup information sector");
  }
  return boot;
}

// Section 5. Systems keep its numbers up to date in the first one alone.
std::string Fat32Reader::read_info(std::uint64_t sector, const char* name) {
  auto info = medium().read(place().begin + sector * sector_size_, kSectorSize);
  const bool is_info =
      get(info, 0, 4) == 0x41615252 && get(info, 484, 4) == 0x61417272 && get(info, 508, 4) == 0xAA550000;
  return faults().expect(is_info, name, "its three marks", "something else") ? info : "";
}

void Fat32Reader::read_own(const Directory&) {
  compare_tables();
}

// Section 4. The flags in the second entry are those of an unmounted filesystem whose medium never failed.
void Fat32Reader::compare_tables() {
  constexpr std::uint64_t kBlock = 64 << 10;
  const auto& geometry = clusters().geometry();
  const auto start = medium().read(clusters().fat_offset(), 8);
  faults().expect((get(start, 0, 4) & 0x0FFFFFFF) == (0x0FFFFF00 | get(boot_, 21, 1)), "FAT",
                  fmt::format("0fffff{:02x} at its start", get(boot_, 21, 1)),
                  fmt::format("{:08x}", get(start, 0, 4)));
  if ((get(start, 4, 4) & 0x08000000) == 0) note("the filesystem is marked as in use: it was not unmounted");
  if ((get(start, 4, 4) & 0x04000000) == 0) note("the filesystem is marked as one whose medium has failed");
  if (get(boot_, 16, 1) < 2 || (get(boot_, 40, 2) & 0x80) != 0) return;
  std::uint64_t differing = 0;
  std::uint64_t example = 0;
  for (std::uint64_t at = 8; at < 4 * clusters().end(); at += kBlock) {
    throw_if_stopped(stop());
    const auto bytes = std::min(kBlock, 4 * clusters().end() - at);
    const auto first = medium().read(place().begin + first_of_tables_ + at, bytes);
    const auto second = medium().read(place().begin + first_of_tables_ + geometry.fat_bytes + at, bytes);
    if (first == second) continue;
    for (std::size_t i = 0; i < bytes; i += 4) {
      if (get(first, i, 4) == get(second, i, 4)) continue;
      if (differing++ == 0) example = (at + i) / 4;
    }
  }
  faults().expect(differing == 0, "second FAT", "what the first one says",
                  fmt::format("{} other entries, such as that of cluster {}", differing, example));
}

std::u16string Fat32Reader::folded(std::u16string_view name) const {
  std::u16string upper(name);
  for (auto& unit : upper)
    unit = unit >= u'a' && unit <= u'z' ? static_cast<char16_t>(unit - u'a' + u'A') : unit;
  return upper;
}

// Whether it is "." or "..", which every directory but the root begins with (section 6.5).
bool Fat32Reader::is_dots(const Directory& directory, std::uint64_t number, std::string_view entry) {
  if (directory.is_root() || number > 1) return false;
  const auto name = number == 0 ? std::string_view(".          ") : std::string_view("..         ");
  const auto cluster = get(entry, 20, 2) << 16 | get(entry, 26, 2);
  const auto expected = number == 0 ? directory.location.first : directory.parent;
  const bool is_name = entry.starts_with(name);
  if (!is_name || cluster != expected) {
    tell(directory, fmt::format("\"{}\" of cluster {}", name.substr(0, number + 1), expected),
         is_name ? fmt::format("cluster {}", cluster) : "something else");
  }
  return is_name;
}

// Sections 6 and 7.
void Fat32Reader::read_entries(const Directory& directory, ByteSource& source) {
  constexpr char kFree = '\xE5';
  EntryReader entries(source);
  long_name_.clear();
  std::uint64_t number = 0;
  std::size_t labels = 0;
  const auto expect_no_name = [&] {
    if (long_name_.is_begun()) tell(directory, "the file of a long name behind it", "another entry");
    long_name_.clear();
  };
  for (auto entry = entries.next(); !entry.empty() && entry[0] != 0; entry = entries.next()) {
    const auto attributes = get(entry, 11, 1);
    if (is_dots(directory, number++, entry)) continue;
    if (entry[0] == kFree) {
      expect_no_name();
    } else if ((attributes & 0x3F) == long_name) {
      if (long_name_.take(entry)) continue;
      tell(directory, "the parts of a long name in order", "another one");
      long_name_.clear();
    } else if ((attributes & volume_id) != 0) {
      expect_no_name();
      constexpr std::uint64_t kNotOfLabels = 0x17;
      if (!directory.is_root() || labels++ > 0 || (attributes & kNotOfLabels) != 0)
        tell(directory, "files and directories", "a label");
    } else {
      add_entry(directory, entry);
      long_name_.clear();
    }
  }
  expect_no_name();
}

void Fat32Reader::add_entry(const Directory& directory, std::string_view entry) {
  constexpr char kKanji = 0x05;  // stands for e5, which would be a free entry
  ShortName short_name;
  std::memcpy(short_name.data(), entry.data(), short_name.size());
  auto shown = short_name;
  if (shown[0] == kKanji) shown[0] = '\xE5';
  auto name = to_text(shown, get(entry, 12, 1));
  if (long_name_.belongs_to(short_name))
    name = long_name_.text();
  else if (long_name_.is_begun())
    tell(directory, "the file of a long name behind it", "another file");
  const bool is_directory = (get(entry, 11, 1) & directory_bit) != 0;
  const auto first = static_cast<std::uint32_t>(get(entry, 20, 2) << 16 | get(entry, 26, 2));
  const auto bytes = get(entry, 28, 4);
  if (is_directory ? bytes != 0 : bytes == 0 && first != 0)
    tell(directory, "a file or directory of a possible length",
         fmt::format("{} bytes from cluster {}", bytes, first));
  StoredFile file{
      .path = {}, .is_directory = is_directory, .first_cluster = first, .bytes = bytes, .valid_bytes = bytes};
  add(directory, name, std::move(file),
      is_directory ? std::nullopt : std::optional(clusters().geometry().clusters_for(bytes)));
}

void Fat32Reader::compare_allocation() {
  constexpr std::uint32_t kBad = 0x0FFFFFF7;
  AllocationCheck check(clusters(), faults(), "FAT");
  FatReader fat(clusters());
  for (auto cluster = kFirstCluster; cluster < clusters().end(); ++cluster) {
    const auto entry = fat.next(cluster);
    check.add(cluster, entry != 0 && (entry != kBad || clusters().is_taken(cluster)));
  }
  check.finish();
  if (info_.empty()) return;
  const auto free = clusters().geometry().cluster_count - clusters().taken();
  const auto said = get(info_, 488, 4);
  if (said != 0xFFFFFFFF && said != free)
    note(fmt::format("the information sector says {} free clusters, and {} are", said, free));
}

}  // namespace

std::unique_ptr<VolumeReader> make_fat32_reader(const Medium& medium, const VolumePlace& place,
                                                Findings& findings, const std::stop_token& stop) {
  return std::make_unique<Fat32Reader>(medium, place, findings, stop);
}

}  // namespace gopack::image
