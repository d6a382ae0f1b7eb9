#include <fcntl.h>
#include <fmt/format.h>
#include <linux/fs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "gopack/base/error.hpp"
#include "gopack/base/file.hpp"

// The calls that Linux has and other systems spell differently.
namespace gopack {

bool Dir::rename_no_replace(const std::string& from, const Dir& to_dir, const std::string& to) const {
  // Through syscall(2): older C libraries lack the wrapper.
  if (::syscall(SYS_renameat2, fd_.get(), from.c_str(), to_dir.fd_.get(), to.c_str(), RENAME_NOREPLACE) == 0)
    return true;
  if (errno == EEXIST || errno == ENOTEMPTY) return false;
  if (errno != EINVAL && errno != ENOSYS) {
    const int code = errno;
    throw system_error(code,
                       fmt::format("rename {} to {}", printable(path_ / from), printable(to_dir.path_ / to)));
  }
  // A filesystem without the flag (FUSE): the store's lock keeps others away between look and rename.
  if (to_dir.find(to)) return false;
  rename(from, to_dir, to);
  return true;
}

void Dir::sync_filesystem() const {
  if (::syncfs(fd_.get()) != 0) fail("flush the filesystem of", "");
  sync();  // FUSE servers write what they keep themselves only for this one
}

void File::forget() const {
  ::posix_fadvise(fd_.get(), 0, 0, POSIX_FADV_DONTNEED);
}

}  // namespace gopack
