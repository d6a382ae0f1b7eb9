#include "gopack/base/mount.hpp"

#include <algorithm>
#include <iterator>

namespace gopack {

bool is_read_by_windows(std::string_view type) {
  static constexpr std::string_view kTypes[] = {
      "vfat", "msdos", "exfat",                   // sticks
      "cifs", "smb3",  "smbfs",                   // shares
      "9p",   "drvfs", "vboxsf", "hgfs", "prlfs"  // what a virtual machine shows of its host
  };
  if (std::find(std::begin(kTypes), std::end(kTypes), type) != std::end(kTypes)) return true;
  return type.find("ntfs") != std::string_view::npos || type.find("NTFS") != std::string_view::npos ||
         type.find("fuse") != std::string_view::npos;
}

bool is_empty_mount_point(const std::filesystem::path& directory, const std::filesystem::path& mounted) {
  const auto is_below = [](const std::filesystem::path& path, const std::filesystem::path& place) {
    return std::mismatch(place.begin(), place.end(), path.begin(), path.end()).first == place.end();
  };
  for (const std::filesystem::path place : {"/mnt", "/media", "/run/media", "/Volumes"}) {
    if (directory != place && is_below(directory, place)) return !is_below(mounted, place);
  }
  return false;
}

}  // namespace gopack
