#include "gopack/base/file_linker.hpp"

#include <algorithm>
#include <array>

#include "nt.hpp"

namespace gopack {

namespace {

// The same would befall a copy, so a copy is not tried. All else only says that this cannot be shared.
bool is_fault(int code) {
  constexpr std::array kFaults{EEXIST, ENOSPC, EIO, EROFS, EMFILE, ENOMEM};
  return std::find(kFaults.begin(), kFaults.end(), code) != kFaults.end();
}

// What is so for all files: of a filesystem, a pair of them, or the rights of this user.
bool is_lasting(int code) {
  constexpr std::array kLasting{EXDEV, EPERM, ENOSYS, EINVAL};
  return std::find(kLasting.begin(), kLasting.end(), code) != kLasting.end();
}

}  // namespace

// ReFS alone could clone.
FileLinker::Made FileLinker::link(const Dir& from_dir, const std::string& from, const Dir& to_dir,
                                  const std::string& to, std::uint32_t mode) {
  clones_ = false;
  if (!links_) return Made::nothing;
  const auto opened =
      nt::open(from_dir.descriptor(), from,
               {.access = FILE_READ_ATTRIBUTES | FILE_WRITE_ATTRIBUTES | READ_CONTROL | SYNCHRONIZE});
  if (opened.status != nt::kSuccess) return Made::nothing;
  const auto handle = win32::to_handle(opened.file.get());
  const auto status = win32::status_of(handle);
  const bool is_alike = ((status.mode ^ mode) & 0200) == 0;
  if (status.type != FileType::file || !is_alike || !win32::is_owned_by_this_user(handle))
    return Made::nothing;
  const auto linked = nt::link(opened.file.get(), to_dir.descriptor(), to);
  if (linked == nt::kSuccess) return Made::hard_link;
  const int code = nt::to_errno(linked);
  if (is_fault(code)) win32::fail(code, to_dir, "create", to);
  links_ = !is_lasting(code);
  return Made::nothing;
}

}  // namespace gopack
