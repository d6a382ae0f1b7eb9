#include <winioctl.h>

#include <algorithm>
#include <cstring>

#include "nt.hpp"

namespace gopack {

namespace {

constexpr ULONG kSymbolicLink = 0xA000000C;
constexpr ULONG kMountPoint = 0xA0000003;
constexpr std::size_t kLargest = 16 << 10;  // bytes of a reparse point

// REPARSE_DATA_BUFFER of ntifs.h, up to the texts; a symbolic link has four bytes more before them.
struct ReparseHead {
  ULONG tag;
  USHORT length;
  USHORT reserved;
  USHORT substitute_offset;
  USHORT substitute_length;
  USHORT print_offset;
  USHORT print_length;
};

}  // namespace

// Where links lead is written with "/", as on every system.
std::optional<std::string> Dir::find_link(const std::string& name) const {
  const auto opened = nt::open(fd_.get(), name, {.access = FILE_READ_ATTRIBUTES | SYNCHRONIZE});
  if (opened.status != nt::kSuccess) return std::nullopt;
  std::vector<std::byte> data(kLargest);
  DWORD size = 0;
  if (!::DeviceIoControl(win32::to_handle(opened.file.get()), FSCTL_GET_REPARSE_POINT, nullptr, 0,
                         data.data(), kLargest, &size, nullptr))
    return std::nullopt;
  ReparseHead head{};
  if (size < sizeof head) return std::nullopt;
  std::memcpy(&head, data.data(), sizeof head);
  if (head.tag != kSymbolicLink && head.tag != kMountPoint) return std::nullopt;
  const auto texts = sizeof head + (head.tag == kSymbolicLink ? sizeof(ULONG) : 0);
  const std::size_t begin = texts + head.print_offset;
  if (begin + head.print_length > size) return std::nullopt;
  std::wstring target(head.print_length / sizeof(WCHAR), L'\0');
  std::memcpy(target.data(), data.data() + begin, target.size() * sizeof(WCHAR));
  std::replace(target.begin(), target.end(), L'\\', L'/');
  return win32::narrow(target);
}

}  // namespace gopack
