// What files and directories share on POSIX. Private to base.
#pragma once

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "gopack/base/file.hpp"

namespace gopack::posix {

inline FileStatus to_status(const struct stat& st) {
  FileStatus status;
  status.type = S_ISREG(st.st_mode)   ? FileType::file
                : S_ISDIR(st.st_mode) ? FileType::directory
                : S_ISLNK(st.st_mode) ? FileType::symlink
                                      : FileType::other;
  status.size = static_cast<std::uint64_t>(st.st_size);
  status.mode = static_cast<std::uint32_t>(st.st_mode & 07777);
  status.mtime = st.st_mtime;
  status.inode = st.st_ino;
  return status;
}

template <typename Call>
auto retry(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

// Filesystems without modes (FAT) refuse; what matters there is decided by probing.
inline bool change_mode(int fd, std::uint32_t mode) {
  return ::fchmod(fd, mode) == 0 || errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS;
}

}  // namespace gopack::posix
