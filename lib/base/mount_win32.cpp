#include <algorithm>
#include <utility>

#include "disk_win32.hpp"
#include "gopack/base/mount.hpp"
#include "win32.hpp"

namespace gopack {

namespace {

namespace fs = std::filesystem;

// The words that Linux has for them.
std::string type_named(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return name == "fat" || name == "fat32" ? "vfat" : name;
}

std::wstring volume_of(const std::wstring& path) {
  std::wstring root(path.size() + MAX_PATH, L'\0');
  if (!::GetVolumePathNameW(path.c_str(), root.data(), static_cast<DWORD>(root.size()))) return {};
  root.resize(root.find(L'\0'));
  return root;
}

std::wstring windows_directory() {
  std::wstring path(MAX_PATH, L'\0');
  path.resize(::GetSystemWindowsDirectoryW(path.data(), MAX_PATH));
  return path;
}

// Disks at USB say of themselves that they cannot be taken out when they are not sticks.
bool is_at_usb(const std::wstring& root) {
  const auto volume = win32::open_to_ask(L"\\\\.\\" + root.substr(0, 2));
  alignas(STORAGE_DEVICE_DESCRIPTOR) std::byte data[1024];
  const auto* const description = volume ? win32::describe_device(volume, data) : nullptr;
  return description != nullptr && description->BusType == BusTypeUsb;
}

std::wstring system_root() {
  return win32::without_prefix(volume_of(win32::long_path(windows_directory())));
}

}  // namespace

Mount mount_of(const Dir& directory) {
  Mount mount;
  WCHAR type[MAX_PATH] = {};
  if (::GetVolumeInformationByHandleW(win32::to_handle(directory.descriptor()), nullptr, 0, nullptr, nullptr,
                                      nullptr, type, MAX_PATH))
    mount.type = type_named(win32::narrow(type));
  const auto root = volume_of(win32::long_path(directory.path()));
  if (root.empty()) return mount;
  const auto plain = win32::without_prefix(root);
  const auto kind = ::GetDriveTypeW(plain.c_str());
  mount.directory = fs::path(plain);
  mount.source = win32::narrow(plain);
  if (kind == DRIVE_REMOTE) mount.type = "cifs";
  mount.is_removable = kind == DRIVE_REMOVABLE || (kind == DRIVE_FIXED && is_at_usb(plain));
  mount.is_system = kind == DRIVE_RAMDISK ||
                    ::CompareStringOrdinal(system_root().c_str(), -1, plain.c_str(), -1, TRUE) == CSTR_EQUAL;
  return mount;
}

fs::path mount_root(fs::path directory) {
  const auto full = win32::long_path(directory);
  const auto root = volume_of(full);
  if (root.empty() || ::GetFileAttributesW(full.c_str()) == INVALID_FILE_ATTRIBUTES)
    throw system_error(win32::last_error(), fmt::format("examine {}", printable(directory)));
  return {win32::without_prefix(root)};
}

// A drive that is not there cannot be named.
bool is_empty_mount_point(const fs::path&, const fs::path&) {
  return false;
}

}  // namespace gopack
