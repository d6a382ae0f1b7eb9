#include "calls.hpp"

#include <fcntl.h>
#include <mach-o/dyld.h>
#include <stdio.h>
#include <sys/clonefile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

// Compiled for macOS, never run.
namespace gopack {

int calls::rename_no_replace(int from_dir, const char* from, int to_dir, const char* to) {
  return ::renameatx_np(from_dir, from, to_dir, to, RENAME_EXCL);
}

// There is no such call for one filesystem; F_FULLFSYNC has the drive write what it keeps.
int calls::sync_filesystem(int fd) {
  ::sync();
  return ::fcntl(fd, F_FULLFSYNC) == 0 ? 0 : ::fsync(fd);
}

std::string calls::own_program() {
  std::uint32_t size = 0;
  ::_NSGetExecutablePath(nullptr, &size);
  std::string path(size, '\0');
  if (::_NSGetExecutablePath(path.data(), &size) != 0) return {};
  return path.c_str();  // without what is left of it
}

void calls::forget(int fd) {
  ::fcntl(fd, F_NOCACHE, 1);
}

int calls::clone_file(int from, int to_dir, const char* to, unsigned mode) {
  if (::fclonefileat(from, to_dir, to, 0) != 0) return -1;
  if (::fchmodat(to_dir, to, static_cast<mode_t>(mode), 0) == 0) return 0;
  const int code = errno;
  ::unlinkat(to_dir, to, 0);
  errno = code;
  return -1;
}

int calls::make_pipe(int (&ends)[2]) {
  if (::pipe(ends) != 0) return -1;
  for (const int end : ends) ::fcntl(end, F_SETFD, FD_CLOEXEC);
  return 0;
}

void calls::close_descriptors(unsigned first, unsigned last) {
  const auto end = std::min(last, static_cast<unsigned>(::getdtablesize()));
  for (auto fd = first; fd <= end; ++fd) ::close(static_cast<int>(fd));
}

}  // namespace gopack
