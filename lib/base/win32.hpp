// What the Windows halves of base share. Private to base.
//
// A descriptor is a HANDLE there: Windows keeps handles in 32 bits (Interprocess Communication Between 32-bit
// and 64-bit Applications), and -1 is none in both. Codes of errors are errno values throughout.
#pragma once

#include <fmt/format.h>
#include <windows.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "gopack/base/error.hpp"
#include "gopack/base/file.hpp"

namespace gopack::win32 {

inline HANDLE to_handle(int descriptor) {
  return reinterpret_cast<HANDLE>(static_cast<std::intptr_t>(descriptor));
}
inline int to_descriptor(HANDLE handle) {
  return static_cast<int>(reinterpret_cast<std::intptr_t>(handle));
}

// Between UTF-8 and UTF-16.
std::wstring wide(std::string_view text);
std::string narrow(std::wstring_view text);

// The errno value that stands for a Win32 code; one that has none is kept as kForeign + code.
constexpr int kForeign = 1 << 20;
int to_errno(DWORD code);
inline int last_error() {
  return to_errno(::GetLastError());
}

// For calls that take no more than 260 characters otherwise: absolute, with "\\?\" in front. A drive without
// directory ("E:") is its root.
std::wstring long_path(const std::filesystem::path& path);
std::wstring without_prefix(std::wstring path);  // "\\?\"

FileStatus status_of(HANDLE file);            // throws system_error's Error with "examine"
FILETIME to_file_time(std::int64_t seconds);  // since 1970
bool set_attributes(HANDLE file, DWORD attributes);
// Files alone have a mode there, of one bit: whether they may be written.
bool change_mode(HANDLE file, std::uint32_t mode);
bool has_rights(
    HANDLE file);  // whether its filesystem keeps owners and rights: NTFS does, FAT and exFAT do not
// Whether its owner is this user, or the machine's administrators; true where files have no owners.
bool is_owned_by_this_user(HANDLE file);

// For a file that nobody but this user may read or write. Filesystems without rights (FAT) ignore it.
class RightsOfOwner {
 public:
  RightsOfOwner();  // throws system_error's Error
  RightsOfOwner(const RightsOfOwner&) = delete;
  RightsOfOwner& operator=(const RightsOfOwner&) = delete;

  PSECURITY_DESCRIPTOR get() { return &descriptor_; }  // valid as long as *this

 private:
  std::vector<std::byte> user_;
  std::vector<std::byte> list_;
  SECURITY_DESCRIPTOR descriptor_{};
};

// Throws the Error of `code`: "cannot <verb> <name in dir>"; without a name it is about the directory itself.
[[noreturn]] inline void fail(int code, const Dir& dir, std::string_view verb, std::string_view name = {}) {
  throw system_error(code,
                     fmt::format("{} {}", verb, printable(name.empty() ? dir.path() : dir.path() / name)));
}

}  // namespace gopack::win32
