// What the halves for Windows that know disks share. Private to base.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "gopack/base/file.hpp"
#include "win32.hpp"

#include <winioctl.h>

namespace gopack::win32 {

// With no access at all, which is enough to ask. Empty where it cannot be opened.
Descriptor open_to_ask(const std::wstring& device);

// What a device or volume says of itself, in `room`; null where it says nothing.
const STORAGE_DEVICE_DESCRIPTOR* describe_device(const Descriptor& device, std::span<std::byte> room);

// The number in "\\.\PhysicalDrive1"; nothing for any other path.
std::optional<unsigned> disk_number(const std::filesystem::path& path);

// Whether the volume lies on that disk, also on others.
bool is_on_disk(const Descriptor& volume, unsigned disk);

// Calls it with the name of each volume of this machine, without the backslash at its end.
void for_each_volume(const std::function<void(const std::wstring& name)>& action);

}  // namespace gopack::win32
