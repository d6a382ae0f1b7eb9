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

}  // namespace gopack
