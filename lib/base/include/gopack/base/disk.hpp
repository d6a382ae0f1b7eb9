// The disks of this machine.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace gopack {

// As the system tells it.
struct Disk {
  std::string device;       // "/dev/sdb", "\\.\PhysicalDrive1"
  std::uint64_t bytes = 0;  // 0: it has no medium
  std::string model;        // with the vendor in front; may be empty, as the next two
  std::string serial;
  std::string bus;                // "usb", "mmc", "nvme", "loop"
  bool is_whole = true;           // else a partition, or a mapping
  bool is_removable = false;      // its medium can be taken out
  bool is_hot_pluggable = false;  // it can be taken out itself
  bool is_read_only = false;
  bool is_system = false;         // holds the running system
  std::vector<std::string> uses;  // where its filesystems are mounted, and what else it is in use for
};

// All disks that have a device behind them, sorted by name. Throws Error where the system does not tell.
std::vector<Disk> list_disks();

// What is behind this path; nothing where it is not a block device. Throws Error where it does not exist.
std::optional<Disk> find_disk(const std::filesystem::path& path);

}  // namespace gopack
