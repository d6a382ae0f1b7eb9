#include "gopack/base/filesystem.hpp"

#include <sys/statvfs.h>

#include <limits>

#include "calls.hpp"
#include "posix.hpp"

namespace gopack {

Space space_of(const Dir& dir) {
  struct statvfs status {};
  if (::fstatvfs(dir.descriptor(), &status) != 0) posix::fail(dir, "examine the filesystem of");
  const bool limits_files = status.f_files != 0;  // some filesystems make inodes as they need them
  return {static_cast<std::uint64_t>(status.f_bavail) * status.f_frsize, status.f_frsize,
          limits_files ? status.f_favail : std::numeric_limits<std::uint64_t>::max()};
}

void sync_filesystem(const Dir& dir) {
  if (calls::sync_filesystem(dir.descriptor()) != 0) posix::fail(dir, "flush the filesystem of");
  dir.sync();  // FUSE servers write what they keep themselves only for this one
}

}  // namespace gopack
