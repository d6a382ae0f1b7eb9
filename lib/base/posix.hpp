// What files and directories share on POSIX. Private to base.
#pragma once

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>

#include "gopack/base/error.hpp"
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
  status.names = st.st_nlink;
  return status;
}

// Throws the Error of errno: "cannot <verb> <name in dir>"; without a name it is about the directory itself.
[[noreturn]] inline void fail(const Dir& dir, std::string_view verb, std::string_view name = {}) {
  const int code = errno;
  throw system_error(code,
                     fmt::format("{} {}", verb, printable(name.empty() ? dir.path() : dir.path() / name)));
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
