// What Linux tells of disks in /sys (sysfs(5), Documentation/ABI) and /proc.
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <sstream>

#include "gopack/base/disk.hpp"
#include "gopack/base/error.hpp"
#include "mount_table.hpp"

namespace gopack {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLargestText = 16 << 20;  // bytes
constexpr std::uint64_t kSector = 512;            // bytes; the unit of /sys, whatever the disk's own is

// The text of an attribute without blanks around it; empty where there is none.
std::string text_of(const fs::path& attribute) {
  std::error_code ignored;
  if (!fs::is_regular_file(attribute, ignored)) return {};
  try {
    auto text = read_text(attribute, kLargestText);
    constexpr std::string_view kBlanks = " \t\n";
    const auto begin = text.find_first_not_of(kBlanks);
    if (begin == std::string::npos) return {};
    return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
  } catch (const Error&) {  // some can be read only where there is a medium
    return {};
  }
}

std::uint64_t count_in(const fs::path& attribute) {
  std::uint64_t number = 0;
  std::istringstream(text_of(attribute)) >> number;
  return number;
}

std::string names_below(const fs::path& directory) {
  std::error_code ignored;
  std::string names;
  for (const auto& entry : fs::directory_iterator(directory, ignored))
    names += (names.empty() ? "" : ", ") + entry.path().filename().string();
  return names;
}

// The number of the device that a path stands for, as /sys writes it: "8:17".
std::string device_number(const fs::path& path) {
  struct stat st {};
  if (::stat(path.c_str(), &st) != 0 || !S_ISBLK(st.st_mode)) return {};
  return fmt::format("{}:{}", major(st.st_rdev), minor(st.st_rdev));
}

// What uses devices, in one moment.
class Uses {
 public:
  Uses() : mounts_(parse_mount_table(read_text("/proc/self/mountinfo", kLargestText))) {
    // Filesystems on several devices have numbers of their own, and name one of them.
    for (auto& line : mounts_) {
      if (line.mount.source.starts_with("/dev/"))
        if (auto number = device_number(line.mount.source); !number.empty()) line.device = std::move(number);
    }
    std::istringstream lines(text_of("/proc/swaps"));
    for (std::string line; std::getline(lines, line);)
      swaps_.push_back(device_number(line.substr(0, line.find_first_of(" \t"))));
  }

  // Of the disk or partition that this directory of /sys describes.
  void add_to(Disk& disk, const fs::path& device) const {
    const auto number = text_of(device / "dev");
    for (const auto& line : mounts_) {
      if (line.device != number) continue;
      disk.uses.push_back(line.mount.directory.string());
      if (line.mount.directory == "/") disk.is_system = true;
    }
    if (std::find(swaps_.begin(), swaps_.end(), number) != swaps_.end()) disk.uses.emplace_back("swap");
    if (auto holders = names_below(device / "holders"); !holders.empty())
      disk.uses.push_back(std::move(holders));
  }

 private:
  std::vector<MountLine> mounts_;
  std::vector<std::string> swaps_;  // numbers
};

// What the devices say that a disk hangs on: `disk` is its directory in /sys, those above it are theirs.
void add_connection(Disk& disk, const fs::path& directory) {
  constexpr std::array kBuses = {"usb", "mmc", "nvme", "virtio", "ata", "scsi"};
  std::error_code ignored;
  for (auto at = directory; at.has_relative_path(); at = at.parent_path()) {
    const auto subsystem = fs::read_symlink(at / "subsystem", ignored).filename().string();
    const bool is_bus = std::find(kBuses.begin(), kBuses.end(), subsystem) != kBuses.end();
    if (is_bus && (disk.bus.empty() || subsystem == "usb")) disk.bus = subsystem;
    // A disk in a USB enclosure also has a serial number of its own, which nobody sees from outside.
    const bool is_usb_device = subsystem == "usb" && fs::exists(at / "idVendor", ignored);
    if (is_usb_device && !disk.is_hot_pluggable) {
      disk.is_hot_pluggable = true;
      if (auto serial = text_of(at / "serial"); !serial.empty()) disk.serial = std::move(serial);
    }
  }
  if (disk.bus == "mmc" && text_of(directory / "device/type") == "SD") disk.is_hot_pluggable = true;
}

// The page of a SCSI disk that has its serial number: four bytes of header (SPC-4, 7.8.15).
std::string scsi_serial(const fs::path& directory) {
  constexpr std::size_t kHeader = 4;
  const auto page = text_of(directory / "device/vpd_pg80");
  return page.size() > kHeader ? page.substr(page.find_first_not_of(' ', kHeader)) : "";
}

Disk disk_at(const fs::path& device, const Uses& uses) {
  std::error_code ignored;
  Disk disk;
  disk.device = "/dev/" + device.filename().string();
  std::replace(disk.device.begin() + 5, disk.device.end(), '!', '/');  // "cciss!c0d0"
  disk.bytes = count_in(device / "size") * kSector;
  disk.is_read_only = count_in(device / "ro") != 0;
  const bool is_partition = fs::exists(device / "partition", ignored);
  disk.is_whole = !is_partition && names_below(device / "slaves").empty();
  const auto whole = is_partition ? device.parent_path() : device;
  disk.is_removable = count_in(whole / "removable") != 0;
  disk.serial = text_of(whole / "device/serial");
  if (disk.serial.empty()) disk.serial = scsi_serial(whole);
  const auto vendor = text_of(whole / "device/vendor");
  disk.model = text_of(whole / "device/model");
  if (disk.model.empty()) disk.model = text_of(whole / "device/name");  // of cards
  if (!vendor.empty() && !vendor.starts_with("0x")) disk.model = vendor + " " + disk.model;
  add_connection(disk, whole);
  if (fs::exists(whole / "loop", ignored)) disk.bus = "loop";
  uses.add_to(disk, device);
  for (const auto& below : fs::directory_iterator(device, ignored))
    if (fs::exists(below.path() / "partition", ignored)) uses.add_to(disk, below.path());
  return disk;
}

bool is_virtual(const fs::path& device) {
  return device.string().starts_with("/sys/devices/virtual/");
}

}  // namespace

std::vector<Disk> list_disks() {
  const Uses uses;
  std::vector<Disk> disks;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator("/sys/block", error)) {
    std::error_code ignored;
    const auto device = fs::canonical(entry.path(), ignored);
    if (!device.empty() && !is_virtual(device)) disks.push_back(disk_at(device, uses));
  }
  if (error) throw system_error(error.value(), "list the disks in /sys/block");
  std::sort(disks.begin(), disks.end(), [](const Disk& a, const Disk& b) { return a.device < b.device; });
  return disks;
}

std::optional<Disk> find_disk(const fs::path& path) {
  std::error_code error;
  if (!fs::exists(fs::status(path, error))) {
    throw system_error(error ? error.value() : ENOENT, fmt::format("examine {}", printable(path)));
  }
  const auto number = device_number(path);
  if (number.empty()) return std::nullopt;
  const auto device = fs::canonical("/sys/dev/block/" + number, error);
  if (error) throw system_error(error.value(), fmt::format("find {} in /sys", printable(path)));
  auto disk = disk_at(device, Uses());
  disk.device = path.string();
  return disk;
}

}  // namespace gopack
