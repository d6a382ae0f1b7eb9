// What a filesystem image is to be: its filesystem, partition table, cluster size, size and label.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace gopack::image {

enum class Filesystem { exfat, fat32 };
enum class PartitionTable { none, mbr, gpt };

// How large an image becomes. It always is whole mebibytes.
struct Size {
  enum class Kind {
    least,  // the smallest one that holds the files
    room,   // that one and `bytes` more, for what will be written there
    whole,  // `bytes`, or as many whole mebibytes of them as there are
  };
  Kind kind = Kind::room;
  std::uint64_t bytes = std::uint64_t{1} << 30;
};

struct Parameters {
  Filesystem filesystem = Filesystem::exfat;
  PartitionTable partition_table = PartitionTable::mbr;
  std::uint32_t cluster_size = 4096;  // bytes
  Size size;
  std::string label = "GOPACK";
};

// Words of a command line. All throw Error (usage) for what they do not know.
Filesystem parse_filesystem(std::string_view text);           // "exfat", "fat32"
PartitionTable parse_partition_table(std::string_view text);  // "mbr", "gpt", "none"
// A power of two from 512 to 32 MiB (33554432), as bytes or with K or M: "4K".
std::uint32_t parse_cluster_size(std::string_view text);
// "min", "8G", "+500M". K, M, G and T count by 1024; KB, MB, GB and TB, as sticks are sold, by 1000.
Size parse_size(std::string_view text);
// At most 11 characters: ASCII letters, digits, blank, "-" and "_".
std::string parse_label(std::string_view text);

std::string_view to_string(Filesystem filesystem);
std::string_view to_string(PartitionTable table);

}  // namespace gopack::image
