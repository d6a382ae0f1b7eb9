#include "calls.hpp"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

// Through syscall(2) where older C libraries lack the wrapper.
namespace gopack {

int calls::rename_no_replace(int from_dir, const char* from, int to_dir, const char* to) {
  return static_cast<int>(::syscall(SYS_renameat2, from_dir, from, to_dir, to, RENAME_NOREPLACE));
}

int calls::sync_filesystem(int fd) {
  return ::syncfs(fd);
}

void calls::forget(int fd) {
  ::posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
}

namespace {

// Gives a clone the time of its source. Some filesystems have said that they had cloned, and had not.
bool has_size_and_time_of(int source, int clone) {
  struct stat from {};
  struct stat made {};
  if (::fstat(source, &from) != 0 || ::fstat(clone, &made) != 0) return false;
  if (from.st_size != made.st_size) {
    errno = ENOTSUP;
    return false;
  }
  const timespec times[] = {{0, UTIME_OMIT}, from.st_mtim};
  return ::futimens(clone, times) == 0;
}

}  // namespace

int calls::clone_file(int from, int to_dir, const char* to, unsigned mode) {
  const int fd = ::openat(to_dir, to, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) return -1;
  // The mode before the content: a file that a killed process leaves has both or is empty.
  const bool is_made =
      ::fchmod(fd, mode) == 0 && ::ioctl(fd, FICLONE, from) == 0 && has_size_and_time_of(from, fd);
  int code = errno;
  const bool is_closed = ::close(fd) == 0;
  if (is_made && is_closed) return 0;
  if (is_made) code = errno;
  if (::unlinkat(to_dir, to, 0) != 0) code = errno;  // it is in the way of whatever is tried next
  errno = code;
  return -1;
}

int calls::make_pipe(int (&ends)[2]) {
  return ::pipe2(ends, O_CLOEXEC);
}

std::string calls::own_program() {
  std::error_code ignored;
  return std::filesystem::read_symlink("/proc/self/exe", ignored).string();
}

void calls::close_descriptors(unsigned first, unsigned last) {
  ::syscall(SYS_close_range, first, last, 0);
}

}  // namespace gopack
