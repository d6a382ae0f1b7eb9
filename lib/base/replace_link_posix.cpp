#include <unistd.h>

#include <cerrno>

#include "gopack/base/replace.hpp"
#include "posix.hpp"
#include "replacing.hpp"

namespace gopack {

void replace_link(const Dir& dir, const std::string& name, const std::string& target, bool sync) {
  const auto temporary = temporary_name(name);
  if (::symlinkat(target.c_str(), dir.descriptor(), temporary.c_str()) != 0)
    posix::fail(dir, "create link", name);
  try {
    dir.rename(temporary, dir, name);
  } catch (...) {
    ::unlinkat(dir.descriptor(), temporary.c_str(), 0);
    throw;
  }
  if (sync) dir.sync();
}

bool can_link(const Dir& dir) {
  const auto name = temporary_name("probe");
  if (::symlinkat("target", dir.descriptor(), name.c_str()) != 0) {
    // FAT and exFAT: EPERM from the kernel, ENOSYS from FUSE.
    if (errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS) return false;
    posix::fail(dir, "create a link in");
  }
  dir.remove_file(name);
  return true;
}

}  // namespace gopack
