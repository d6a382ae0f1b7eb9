#include "gopack/image/reader.hpp"

#include <algorithm>

#include "clusters.hpp"
#include "gopack/base/error.hpp"
#include "little_endian.hpp"
#include "partition_reader.hpp"
#include "volume_reader.hpp"

namespace gopack::image {

class Reading {
 public:
  Reading(File file, const std::stop_token& stop_) : medium(std::move(file)), stop(stop_) {
    Findings findings;
    if (const auto place = find_volume(medium, findings.faults)) read_volume(*place, findings);
    files = std::move(findings.files);
    std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
    notes = std::move(findings.notes);
    faults = findings.faults.take();
  }
  Reading(const Reading&) = delete;  // the clusters refer to it
  Reading& operator=(const Reading&) = delete;

  const Medium medium;
  const std::stop_token stop;
  std::optional<Filesystem> filesystem;
  std::unique_ptr<Clusters> clusters;
  std::optional<VolumeLayout> layout;
  std::vector<StoredFile> files;
  std::vector<Fault> faults;
  std::vector<std::string> notes;

 private:
  void read_volume(const VolumePlace& place, Findings& findings) {
    filesystem = find_filesystem(place);
    if (!filesystem) {
      findings.faults.add("boot sector", "one of exFAT or FAT32", "something else");
      return;
    }
    check_type(*filesystem, place, findings.faults);
    clusters = (*filesystem == Filesystem::exfat ? make_exfat_reader : make_fat32_reader)(medium, place,
                                                                                          findings, stop)
                   ->read();
    if (clusters) {
      const auto& geometry = clusters->geometry();
      layout = {place.table, place.begin, place.begin + geometry.heap_offset, geometry.cluster_size};
    }
  }

  // By its backup where the boot sector is damaged.
  std::optional<Filesystem> find_filesystem(const VolumePlace& place) const {
    const auto names = [&](std::uint64_t sector, bool (*has_name)(std::string_view)) {
      return has_name(medium.read(place.begin + sector * kSectorSize, kSectorSize));
    };
    if (names(0, has_exfat_name)) return Filesystem::exfat;
    if (names(0, has_fat32_name)) return Filesystem::fat32;
    if (names(12, has_exfat_name)) return Filesystem::exfat;
    if (names(6, has_fat32_name)) return Filesystem::fat32;
    return std::nullopt;
  }

  static void check_type(Filesystem filesystem, const VolumePlace& place, Faults& found) {
    if (place.table != PartitionTable::mbr) return;
    const bool is_right =
        filesystem == Filesystem::exfat ? place.type == 0x07 : place.type == 0x0B || place.type == 0x0C;
    found.expect(is_right, "master boot record",
                 filesystem == Filesystem::exfat ? "a partition of type 07" : "a partition of type 0c",
                 fmt::format("{:02x}", place.type));
  }
};

Reader::Reader(File medium, const std::stop_token& stop)
    : reading_(std::make_unique<Reading>(std::move(medium), stop)) {}
Reader::~Reader() = default;

std::optional<Filesystem> Reader::filesystem() const {
  return reading_->filesystem;
}
std::optional<VolumeLayout> Reader::layout() const {
  return reading_->layout;
}
const std::vector<Fault>& Reader::faults() const {
  return reading_->faults;
}
const std::vector<std::string>& Reader::notes() const {
  return reading_->notes;
}
const std::vector<StoredFile>& Reader::files() const {
  return reading_->files;
}

const StoredFile* Reader::find(std::string_view path) const {
  const auto& files = reading_->files;
  const auto it =
      std::lower_bound(files.begin(), files.end(), path,
                       [](const StoredFile& file, std::string_view wanted) { return file.path < wanted; });
  return it != files.end() && it->path == path ? &*it : nullptr;
}

std::unique_ptr<ByteSource> Reader::open(const StoredFile& file) const {
  return std::make_unique<ContentSource>(*reading_->clusters,
                                         Location{file.first_cluster, file.is_consecutive},
                                         ContentSource::Length{file.bytes, file.valid_bytes}, reading_->stop);
}

digest::Sha256 Reader::hash(const StoredFile& file) const {
  if (!file.is_sound)
    throw Error(ErrorKind::failed, "cannot tell where it lies: its clusters are not in order");
  digest::Hasher hasher;
  copy(*open(file), hasher);
  return hasher.finish();
}

std::optional<std::string> Reader::find_text(std::string_view path, std::uint64_t limit) const {
  const auto* file = find(path);
  if (file == nullptr || file->is_directory || !file->is_sound || file->bytes > limit) return std::nullopt;
  return read_all(*open(*file), file->bytes);
}

}  // namespace gopack::image
