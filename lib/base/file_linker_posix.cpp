#include "gopack/base/file_linker.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "calls.hpp"
#include "posix.hpp"

namespace gopack {

namespace {

// The same would befall a copy, so a copy is not tried. All else only says that this cannot be shared.
bool is_fault(int code) {
  constexpr std::array kFaults{EEXIST, ENOSPC, EDQUOT, EIO, EROFS, EMFILE, ENFILE, ENOMEM};
  return std::find(kFaults.begin(), kFaults.end(), code) != kFaults.end();
}

// What is so for all files: of a filesystem, a pair of them, or the rights of this user.
bool is_lasting(int code) {
  constexpr std::array kLasting{EXDEV, EPERM, EOPNOTSUPP, ENOTSUP, ENOSYS, ENOTTY, EINVAL};
  return std::find(kLasting.begin(), kLasting.end(), code) != kLasting.end();
}

// Whether the call has worked; `works` becomes false where it never will. Throws the Error of a fault.
bool has_worked(int result, const Dir& dir, const std::string& name, bool& works) {
  if (result == 0) return true;
  if (is_fault(errno)) posix::fail(dir, "create", name);
  works = !is_lasting(errno);
  return false;
}

}  // namespace

FileLinker::Made FileLinker::link(const Dir& from_dir, const std::string& from, const Dir& to_dir,
                                  const std::string& to, std::uint32_t mode) {
  struct stat st {};
  if (::fstatat(from_dir.descriptor(), from.c_str(), &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(st.st_mode))
    return Made::nothing;
  if (clones_) {
    const auto file = from_dir.open_file(from);
    const int result = calls::clone_file(file.descriptor(), to_dir.descriptor(), to.c_str(), mode);
    if (has_worked(result, to_dir, to, clones_)) return Made::clone;
  }
  // Whoever owns a file may change it, under any of its names.
  const bool is_alike = (st.st_mode & 07777) == mode && st.st_uid == ::geteuid();
  if (!links_ || !is_alike) return Made::nothing;
  const int result = ::linkat(from_dir.descriptor(), from.c_str(), to_dir.descriptor(), to.c_str(), 0);
  return has_worked(result, to_dir, to, links_) ? Made::hard_link : Made::nothing;
}

}  // namespace gopack
