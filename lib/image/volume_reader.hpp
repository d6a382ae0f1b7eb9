// What reading exFAT and FAT32 have in common: directories one after another, none of them twice. Private to
// image.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "clusters.hpp"
#include "medium.hpp"
#include "partition_reader.hpp"

namespace gopack::image {

// What is found on a medium.
struct Findings {
  Faults faults;
  std::vector<std::string> notes;
  std::vector<StoredFile> files;
};

class VolumeReader {
 public:
  // All of them outlive it.
  VolumeReader(const Medium& medium, const VolumePlace& place, Findings& findings,
               const std::stop_token& stop)
      : medium_(medium), place_(place), findings_(findings), stop_(stop) {}
  virtual ~VolumeReader() = default;

  // Reads everything but the content of files. Null where the boot sector does not say where it lies.
  std::unique_ptr<Clusters> read();

 protected:
  struct Directory {
    std::string path;  // empty: the root
    Location location;
    std::uint64_t bytes = 0;
    std::uint32_t parent = 0;  // its first cluster; 0: the root
    bool is_root() const { return path.empty(); }
    std::string name() const { return is_root() ? "root directory" : path; }
  };
  struct Boot {
    Geometry geometry;
    std::uint32_t root = 0;  // cluster
  };

  virtual std::optional<Boot> read_boot() = 0;
  virtual FatFormat fat_format() const = 0;
  // Takes what the filesystem needs for itself.
  virtual void read_own(const Directory& root) = 0;
  // Calls add() with all that is in it.
  virtual void read_entries(const Directory& directory, ByteSource& entries) = 0;
  // The name as two that are one to the filesystem have it.
  virtual std::u16string folded(std::u16string_view name) const = 0;
  // Whether the clusters that are taken are those that the filesystem says are.
  virtual void compare_allocation() = 0;

  // A file or directory; `count` clusters, of a directory of FAT32 as many as it has.
  void add(const Directory& directory, std::u16string_view name, StoredFile file,
           std::optional<std::uint64_t> count);
  ContentSource content(const Location& location, std::uint64_t bytes) const {
    return {*clusters_, location, {bytes, bytes}, stop_};
  }

  const Medium& medium() const { return medium_; }
  const VolumePlace& place() const { return place_; }
  Clusters& clusters() { return *clusters_; }
  const Clusters& clusters() const { return *clusters_; }
  Faults& faults() { return findings_.faults; }
  void note(std::string text) { findings_.notes.push_back(std::move(text)); }
  const std::stop_token& stop() const { return stop_; }

 private:
  void read_directory(const Directory& directory);
  // What cannot be read, since the medium ends or fails, is a fault.
  void try_reading(const std::string& what, const std::function<void()>& read);
  void check_names(const Directory& directory);

  const Medium& medium_;
  VolumePlace place_;
  Findings& findings_;
  const std::stop_token& stop_;
  std::unique_ptr<Clusters> clusters_;
  std::deque<Directory> directories_;  // to be read
  std::vector<std::u16string> names_;  // folded, of the directory that is being read
  std::uint64_t path_bytes_ = 0;       // of all files
};

// Tells runs of neighbouring clusters that have one fault.
class AllocationCheck {
 public:
  AllocationCheck(const Clusters& clusters, Faults& faults, const char* where)
      : clusters_(clusters), faults_(faults), where_(where) {}
  // Of clusters in order.
  void add(std::uint64_t cluster, bool is_allocated);
  void finish() { tell(); }

 private:
  enum class State { right, lost, not_allocated };
  void tell();

  const Clusters& clusters_;
  Faults& faults_;
  const char* where_;
  State state_ = State::right;
  std::uint64_t first_ = 0;
  std::uint64_t last_ = 0;
};

// 32 bytes at a time.
class EntryReader {
 public:
  explicit EntryReader(ByteSource& source) : source_(source) {}
  // Empty at the end; valid until the next call.
  std::string_view next() {
    if (rest_.size() < kEntryBytes) rest_ = as_text(source_.next());
    const auto entry = rest_.substr(0, rest_.size() < kEntryBytes ? 0 : kEntryBytes);
    rest_.remove_prefix(entry.size());
    return entry;
  }

 private:
  ByteSource& source_;
  std::string_view rest_;
};

std::unique_ptr<VolumeReader> make_exfat_reader(const Medium& medium, const VolumePlace& place,
                                                Findings& findings, const std::stop_token& stop);
std::unique_ptr<VolumeReader> make_fat32_reader(const Medium& medium, const VolumePlace& place,
                                                Findings& findings, const std::stop_token& stop);

}  // namespace gopack::image
