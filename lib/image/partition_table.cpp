#include "partition_table.hpp"

#include "gopack/base/error.hpp"
#include "little_endian.hpp"
#include "volume.hpp"

namespace gopack::image {

std::uint64_t partition_offset(PartitionTable table) {
  constexpr std::uint64_t kAlignment = 1 << 20;
  return table == PartitionTable::none ? 0 : kAlignment;
}

std::string master_boot_record(const Partition& partition) {
  const auto sectors = partition.bytes / kSectorSize;
  if (sectors > UINT32_MAX) {
    throw Error(ErrorKind::noroom,
                "cannot make the image: the partition table mbr cannot address more than 2 TiB")
        .with_hint("choose a smaller --size, or --partition none");
  }
  std::string sector(kSectorSize, '\0');
  put(sector, 440, 4, partition.disk_id);
  constexpr std::size_t kEntry = 446;
  constexpr std::uint64_t kNoChs = 0xFFFFFE;  // cylinder, head and sector beyond what they can say
  put(sector, kEntry + 1, 3, kNoChs);
  put(sector, kEntry + 4, 1, partition.type);
  put(sector, kEntry + 5, 3, kNoChs);
  put(sector, kEntry + 8, 4, partition.begin / kSectorSize);
  put(sector, kEntry + 12, 4, sectors);
  put(sector, 510, 2, 0xAA55);
  return sector;
}

}  // namespace gopack::image
