// Disks as Windows tells them ("Disk Management Control Codes", "Volume Management Functions").
#include "disk_win32.hpp"

#include <algorithm>
#include <charconv>

#include "gopack/base/disk.hpp"
#include "win32.hpp"

#include <winioctl.h>

namespace gopack {

namespace {

constexpr std::string_view kPrefix = R"(\\.\PhysicalDrive)";
constexpr unsigned kNumbers = 64;  // of disks that are looked for

bool query(const Descriptor& device, DWORD code, std::span<std::byte> answer) {
  DWORD size = 0;
  return ::DeviceIoControl(win32::to_handle(device.get()), code, nullptr, 0, answer.data(),
                           static_cast<DWORD>(answer.size()), &size, nullptr) != 0;
}

// The text at an offset of a descriptor, without the blanks that it is filled with.
std::string text_at(std::span<const std::byte> data, DWORD offset) {
  if (offset == 0 || offset >= data.size()) return {};
  std::string text(reinterpret_cast<const char*>(data.data()) + offset, data.size() - offset);
  text.resize(std::min(text.find('\0'), text.size()));
  const auto begin = text.find_first_not_of(' ');
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

std::string name_of_bus(STORAGE_BUS_TYPE type) {
  switch (type) {
    case BusTypeUsb:
      return "usb";
    case BusTypeSd:
    case BusTypeMmc:
      return "mmc";
    case BusTypeNvme:
      return "nvme";
    case BusTypeAta:
    case BusTypeSata:
      return "ata";
    default:
      return "";
  }
}

void add_description(Disk& disk, const Descriptor& device) {
  alignas(STORAGE_DEVICE_DESCRIPTOR) std::byte data[4096] = {};
  const auto* const description = win32::describe_device(device, std::span(data).first(sizeof data - 1));
  if (description == nullptr) return;
  const auto& found = *description;
  const auto vendor = text_at(data, found.VendorIdOffset);
  disk.model = vendor + (vendor.empty() ? "" : " ") + text_at(data, found.ProductIdOffset);
  disk.serial = text_at(data, found.SerialNumberOffset);
  disk.bus = name_of_bus(found.BusType);
  disk.is_removable = found.RemovableMedia != 0;
  disk.is_hot_pluggable = found.BusType == BusTypeUsb || found.BusType == BusTypeSd;
}

bool is_system_disk(unsigned number) {
  wchar_t path[MAX_PATH] = {};
  if (::GetSystemWindowsDirectoryW(path, MAX_PATH) < 2) return true;
  return win32::is_on_disk(win32::open_to_ask(LR"(\\.\)" + std::wstring(path, 2)), number);
}

std::optional<Disk> try_disk(unsigned number) {
  Disk disk;
  disk.device = fmt::format("{}{}", kPrefix, number);
  const auto device = win32::open_to_ask(win32::wide(disk.device));
  if (!device) return std::nullopt;
  alignas(DISK_GEOMETRY_EX) std::byte geometry[1024] = {};
  if (query(device, IOCTL_DISK_GET_DRIVE_GEOMETRY_EX, geometry))
    disk.bytes =
        static_cast<std::uint64_t>(reinterpret_cast<const DISK_GEOMETRY_EX*>(geometry)->DiskSize.QuadPart);
  disk.is_read_only = !query(device, IOCTL_DISK_IS_WRITABLE, {}) && ::GetLastError() == ERROR_WRITE_PROTECT;
  add_description(disk, device);
  // Windows mounts every stick. Whether files are open there shows when its volumes are locked.
  disk.is_system = is_system_disk(number);
  return disk;
}

}  // namespace

Descriptor win32::open_to_ask(const std::wstring& device) {
  return Descriptor(to_descriptor(::CreateFileW(device.c_str(), 0, FILE_SHARE_READ | FILE_SHARE_WRITE,
                                                nullptr, OPEN_EXISTING, 0, nullptr)));
}

const STORAGE_DEVICE_DESCRIPTOR* win32::describe_device(const Descriptor& device, std::span<std::byte> room) {
  STORAGE_PROPERTY_QUERY question{};
  question.PropertyId = StorageDeviceProperty;
  question.QueryType = PropertyStandardQuery;
  DWORD size = 0;
  const bool is_told =
      ::DeviceIoControl(to_handle(device.get()), IOCTL_STORAGE_QUERY_PROPERTY, &question, sizeof question,
                        room.data(), static_cast<DWORD>(room.size()), &size, nullptr) != 0;
  return is_told && size >= sizeof(STORAGE_DEVICE_DESCRIPTOR)
             ? reinterpret_cast<const STORAGE_DEVICE_DESCRIPTOR*>(room.data())
             : nullptr;
}

std::optional<unsigned> win32::disk_number(const std::filesystem::path& path) {
  const auto text = path.string();
  if (text.size() <= kPrefix.size() ||
      ::CompareStringOrdinal(wide(text.substr(0, kPrefix.size())).c_str(), -1, wide(kPrefix).c_str(), -1,
                             TRUE) != CSTR_EQUAL)
    return std::nullopt;
  unsigned number = 0;
  const auto* last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data() + kPrefix.size(), last, number);
  return error == std::errc() && end == last ? std::optional(number) : std::nullopt;
}

bool win32::is_on_disk(const Descriptor& volume, unsigned disk) {
  alignas(VOLUME_DISK_EXTENTS) std::byte data[4096] = {};
  if (!volume || !query(volume, IOCTL_VOLUME_GET_VOLUME_DISK_EXTENTS, data)) return false;
  const auto& extents = *reinterpret_cast<const VOLUME_DISK_EXTENTS*>(data);
  return std::any_of(extents.Extents, extents.Extents + extents.NumberOfDiskExtents,
                     [disk](const DISK_EXTENT& extent) { return extent.DiskNumber == disk; });
}

void win32::for_each_volume(const std::function<void(const std::wstring& name)>& action) {
  wchar_t name[MAX_PATH] = {};
  const std::unique_ptr<void, decltype(&::FindVolumeClose)> search(::FindFirstVolumeW(name, MAX_PATH),
                                                                   &::FindVolumeClose);
  if (search.get() == INVALID_HANDLE_VALUE) return;
  do {
    std::wstring plain(name);
    if (plain.ends_with(L'\\')) plain.pop_back();
    action(plain);
  } while (::FindNextVolumeW(search.get(), name, MAX_PATH) != 0);
}

std::vector<Disk> list_disks() {
  std::vector<Disk> disks;
  for (unsigned number = 0; number < kNumbers; ++number)
    if (auto disk = try_disk(number)) disks.push_back(std::move(*disk));
  return disks;
}

std::optional<Disk> find_disk(const std::filesystem::path& path) {
  if (const auto number = win32::disk_number(path)) {
    if (auto disk = try_disk(*number)) return disk;
    throw system_error(win32::last_error(), fmt::format("examine {}", printable(path)));
  }
  if (::GetFileAttributesW(win32::long_path(path).c_str()) == INVALID_FILE_ATTRIBUTES)
    throw system_error(win32::last_error(), fmt::format("examine {}", printable(path)));
  return std::nullopt;
}

}  // namespace gopack
