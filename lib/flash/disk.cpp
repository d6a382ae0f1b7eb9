#include "gopack/flash/disk.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace gopack::flash {

std::optional<std::string> find_objection(const Disk& disk) {
  if (!disk.is_whole) return "it is not a whole disk";
  if (disk.is_system) return "it is the system's disk";
  if (!disk.is_removable && !disk.is_hot_pluggable) return "it is built in";
  if (disk.bytes == 0) return "it has no medium";
  if (disk.is_read_only) return "it is write-protected";
  if (!disk.uses.empty()) return fmt::format("it is in use: {}", fmt::join(disk.uses, ", "));
  return std::nullopt;
}

std::string confirmation_of(const Disk& disk) {
  if (!disk.serial.empty()) return disk.serial;
  return disk.device.substr(disk.device.find_last_of("/\\") + 1);
}

}  // namespace gopack::flash
