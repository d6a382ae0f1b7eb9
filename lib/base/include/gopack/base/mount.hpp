// The mounted filesystem that a directory lies on, as the system tells it.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "gopack/base/file.hpp"

namespace gopack {

struct Mount {
  std::string type;                 // "ext4", "vfat", "fuseblk"; empty where the system does not say
  std::string source;               // "/dev/sdb1", "server:/share"; empty likewise
  std::filesystem::path directory;  // where it begins; empty likewise
  bool is_removable = false;        // its medium can be taken out: a stick, a card
  bool is_system = false;           // it is on the disk that also holds "/", or in memory
};

Mount mount_of(const Dir& directory);

// The directory at which the filesystem of `directory`, an absolute path, begins. Throws Error.
std::filesystem::path mount_root(std::filesystem::path directory);

// Whether Windows reads filesystems of this type: those of sticks, and shares. What a FUSE server has behind
// it does not show, so each of them counts.
bool is_read_by_windows(std::string_view type);

// Whether `path`, which need not exist, is a name for a device: below /dev, but for /dev/shm, which is
// memory.
bool stands_for_device(const std::filesystem::path& path);

// Whether `directory` has the name of a place where media are mounted (/mnt, /media, …) while what it lies
// on, which begins at `mounted`, is mounted above that place.
bool is_empty_mount_point(const std::filesystem::path& directory, const std::filesystem::path& mounted);

}  // namespace gopack
