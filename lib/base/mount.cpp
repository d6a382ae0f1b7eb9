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

bool stands_for_device(const std::filesystem::path& path) {
  std::error_code ignored;
  const auto place = std::filesystem::weakly_canonical(std::filesystem::absolute(path), ignored);
  const auto is_below = [&](const std::filesystem::path& above) {
    return std::mismatch(above.begin(), above.end(), place.begin(), place.end()).first == above.end();
  };
  return is_below("/dev") && !is_below("/dev/shm");
}

}  // namespace gopack
