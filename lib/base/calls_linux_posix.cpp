#include "calls.hpp"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "gopack/base/process.hpp"

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

int calls::make_pipe(int (&ends)[2]) {
  return ::pipe2(ends, O_CLOEXEC);
}

void close_descriptors(unsigned first, unsigned last) {
  ::syscall(SYS_close_range, first, last, 0);
}

}  // namespace gopack
