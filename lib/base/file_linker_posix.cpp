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

// What a filesystem, a pair of them or the rights of this user do not allow.
bool is_refusal(int code) {
  constexpr std::array kRefusals{EXDEV, EPERM, EACCES, EOPNOTSUPP, ENOSYS, ENOTTY, EINVAL, ETXTBSY};
  return std::find(kRefusals.begin(), kRefusals.end(), code) != kRefusals.end();
}

// Whether the call has worked. Throws the Error of errno where that is no refusal.
bool has_worked(int result, const Dir& dir, const std::string& name) {
  if (result != 0 && !is_refusal(errno)) posix::fail(dir, "create", name);
  return result == 0;
}

}  // namespace

FileLinker::Made FileLinker::link(const Dir& from_dir, const std::string& from, const Dir& to_dir,
                                  const std::string& to, std::uint32_t mode) {
  const auto status = from_dir.find(from);
  if (!status || status->type != FileType::file) return Made::nothing;
  if (clones_) {
    const auto file = from_dir.open_file(from);
    clones_ = has_worked(calls::clone_file(file.descriptor(), to_dir.descriptor(), to.c_str(), mode), to_dir, to);
    if (clones_) return Made::clone;
  }
  if (!links_ || status->mode != mode) return Made::nothing;
  const int result = ::linkat(from_dir.descriptor(), from.c_str(), to_dir.descriptor(), to.c_str(), 0);
  if (result != 0 && errno == EMLINK) return Made::nothing;  // it has as many names as a file can have
  links_ = has_worked(result, to_dir, to);
  return links_ ? Made::name : Made::nothing;
}

}  // namespace gopack
