// Filesystem images. An input is the sectors of an image that are not zeros: 516 bytes each, of which the
// first four are the sector's number. What exFAT has checksums of would hide everything behind them: those of
// boot regions and directory entries are put right first where the first byte of the input is odd.
#include "gopack/image/reader.hpp"

#include <map>

#include "exfat_format.hpp"
#include "fuzz.hpp"
#include "little_endian.hpp"

namespace {

using namespace gopack;

constexpr std::size_t kSector = 512;
constexpr std::uint64_t kMostSectors = 1 << 17;
using Sectors = std::map<std::uint64_t, std::string>;

Sectors sectors_of(std::string_view input) {
  Sectors sectors;
  for (; input.size() >= 4 + kSector; input.remove_prefix(4 + kSector))
    sectors[image::get(input, 0, 4) % kMostSectors] = std::string(input.substr(4, kSector));
  return sectors;
}

void mend_boot_regions(Sectors& sectors) {
  const auto copy = sectors;
  for (const auto& [first, sector] : copy) {
    if (sector.substr(3, 8) != "EXFAT   ") continue;
    std::string region;
    for (std::uint64_t i = 0; i < 11; ++i) {
      const auto found = copy.find(first + i);
      region += found == copy.end() ? std::string(kSector, '\0') : found->second;
    }
    std::string sums;
    for (std::size_t i = 0; i < kSector / 4; ++i) image::append(sums, 4, image::boot_checksum(region));
    sectors[first + 11] = sums;
  }
}

void mend_entries(std::string& sector) {
  for (std::size_t at = 0; at < kSector; at += 32) {
    const auto bytes = 32 * (1 + image::get(sector, at + 1, 1));
    if (image::get(sector, at, 1) == image::file_entry && at + bytes <= kSector)
      image::put(sector, at + 2, 2, image::set_checksum(std::string_view(sector).substr(at, bytes)));
  }
}

File medium_of(const Sectors& sectors) {
  auto file = fuzz::memory_file("");
  file.truncate(kMostSectors * kSector);
  for (const auto& [number, sector] : sectors) {
    file.seek(number * kSector);
    file.write(as_bytes(sector));
  }
  return file;
}

void read_files(const image::Reader& reader) {
  constexpr std::uint64_t kMostBytes = 1 << 20;
  for (const auto& file : reader.files()) {
    fuzz::require(reader.find(file.path) != nullptr, "what is listed is found");
    if (!file.is_sound || file.is_directory) continue;
    const auto source = reader.open(file);
    std::uint64_t bytes = 0;
    try {
      for (auto block = source->next(); !block.empty() && bytes < kMostBytes; block = source->next())
        bytes += block.size();
    } catch (const Error& error) {
      fuzz::require(error.kind() == ErrorKind::failed, "the medium ends before the file");
      continue;
    }
    fuzz::require(bytes == file.bytes || (bytes >= kMostBytes && bytes < file.bytes),
                  "a file is as long as it says");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto input = fuzz::text_of(data, size);
  if (input.empty()) return 0;
  auto sectors = sectors_of(input.substr(1));
  if ((input[0] & 1) != 0) {
    for (auto& [number, sector] : sectors) mend_entries(sector);
    mend_boot_regions(sectors);
  }
  fuzz::accepts([&] {
    const image::Reader reader(medium_of(sectors), {});
    fuzz::require(!reader.faults().empty() || reader.filesystem().has_value(),
                  "a medium without a filesystem is faulty");
    read_files(reader);
  });
  return 0;
}
