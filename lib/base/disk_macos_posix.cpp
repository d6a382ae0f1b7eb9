#include <sys/stat.h>

#include <cerrno>

#include "gopack/base/disk.hpp"
#include "gopack/base/error.hpp"

namespace gopack {

std::vector<Disk> list_disks() {
  throw Error(ErrorKind::failed, "cannot list the disks: gopack writes no disks on macOS")
      .with_hint("`diskutil list` names them, and dd writes an image");
}

std::optional<Disk> find_disk(const std::filesystem::path& path) {
  struct stat st {};
  if (::stat(path.c_str(), &st) != 0) throw system_error(errno, "examine " + printable(path));
  if (S_ISREG(st.st_mode)) return std::nullopt;
  throw Error(ErrorKind::failed, "cannot write " + printable(path) + ": gopack writes no disks on macOS")
      .with_hint("write the image with dd");
}

}  // namespace gopack
