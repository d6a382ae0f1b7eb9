// Images and devices as they are, whoever has made them or written to them: whether their structures are
// sound, what files there are, and their bytes. Known are exFAT 1.00 and FAT32 1.03, in the one partition of
// a master boot record or a GUID partition table (UEFI 2.10), or alone. Nothing is mounted, and no number on
// the medium is trusted: memory is bounded by 1,048,576 files and 2^28 clusters, each of which is read once.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "gopack/base/bytes.hpp"
#include "gopack/base/file.hpp"
#include "gopack/digest/sha256.hpp"
#include "gopack/image/parameters.hpp"

namespace gopack::image {

// Something in a structure that is not as its specification has it.
struct Fault {
  std::string where;  // "backup boot region", "cluster 17", or the path of a file
  std::string expected;
  std::string found;
};

// Where a volume lies on its medium, in bytes.
struct VolumeLayout {
  PartitionTable partition_table = PartitionTable::none;
  std::uint64_t begin = 0;
  std::uint64_t first_cluster = 0;  // where it begins, from the start of the medium
  std::uint64_t cluster_size = 0;
};

struct StoredFile {
  std::string path;  // from the top; UTF-8
  bool is_directory = false;
  bool is_sound = true;  // whether its clusters can be told
  bool is_consecutive = false;
  std::uint32_t first_cluster = 0;  // 0: it has none
  std::uint64_t bytes = 0;
  std::uint64_t valid_bytes = 0;  // the rest reads as zeros
};

// Whether a file or device may be one, as far as its first sectors or its name tell.
bool is_image(const File& file, std::string_view name);

class Reading;  // private

// Any number of threads may call what is const.
class Reader {
 public:
  // Reads all structures. Throws Error: failed where the medium cannot be read, usage where it has several
  // partitions or is larger than this module goes, interrupted.
  Reader(File medium, const std::stop_token& stop);
  ~Reader();

  // Nothing where none could be made out, which is among the faults.
  std::optional<Filesystem> filesystem() const;
  // The same.
  std::optional<VolumeLayout> layout() const;
  const std::vector<Fault>& faults() const;
  // What is worth knowing and no fault: that it was not unmounted.
  const std::vector<std::string>& notes() const;
  // Directories as well, sorted by path, bytewise.
  const std::vector<StoredFile>& files() const;
  const StoredFile* find(std::string_view path) const;
  // The bytes of a sound file of files(); the reader outlives it. Reading throws Error: failed, interrupted.
  std::unique_ptr<ByteSource> open(const StoredFile& file) const;
  // Throws Error: failed, for a file that is not sound as well, interrupted.
  digest::Sha256 hash(const StoredFile& file) const;
  // The whole of a small file; nothing where it is missing, not sound, or longer than that. Throws Error as
  // reading.
  std::optional<std::string> find_text(std::string_view path, std::uint64_t limit) const;

 private:
  std::unique_ptr<Reading> reading_;
};

}  // namespace gopack::image
