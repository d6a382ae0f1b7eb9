#include <sys/mount.h>
#include <sys/param.h>

#include "gopack/base/mount.hpp"

// Compiled for macOS, never run.
namespace gopack {

Mount mount_of(const Dir& directory) {
  struct statfs status {};
  if (::fstatfs(directory.descriptor(), &status) != 0) return {};
  const std::string place = status.f_mntonname;
  return {.type = status.f_fstypename,
          .source = status.f_mntfromname,
          .directory = place,
          .is_removable = (status.f_flags & MNT_REMOVABLE) != 0,
          .is_system = place == "/" || place.starts_with("/System/")};
}

}  // namespace gopack
