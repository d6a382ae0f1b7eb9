#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <sstream>

#include "gopack/base/error.hpp"
#include "mount_table.hpp"

namespace gopack {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLargestTable = 16 << 20;

// The number of the mount that a descriptor is on (proc(5), fdinfo).
std::string number_of(int descriptor) {
  std::istringstream words(read_text(fmt::format("/proc/self/fdinfo/{}", descriptor), kLargestTable));
  for (std::string word; words >> word;) {
    if (word == "mnt_id:" && words >> word) return word;
  }
  return {};
}

std::optional<MountLine> find_line(const Dir& directory) {
  return find_in_mount_table(read_text("/proc/self/mountinfo", kLargestTable),
                             number_of(directory.descriptor()));
}

// The directories in /sys of the whole disks that a block device lies on: partitions and mappings are looked
// through.
void add_disks(const fs::path& device, std::set<fs::path>& disks) {
  std::error_code ignored;
  bool is_mapping = false;
  for (const auto& below : fs::directory_iterator(device / "slaves", ignored)) {
    is_mapping = true;
    add_disks(fs::canonical(below.path(), ignored), disks);
  }
  if (is_mapping) return;
  disks.insert(fs::exists(device / "partition", ignored) ? device.parent_path() : device);
}

std::set<fs::path> disks_of(const MountLine& line) {
  std::error_code ignored;
  auto device = fs::canonical("/sys/dev/block/" + line.device, ignored);
  struct stat st {};
  if (ignored && ::stat(line.mount.source.c_str(), &st) == 0 && S_ISBLK(st.st_mode)) {
    const auto number = fmt::format("{}:{}", major(st.st_rdev), minor(st.st_rdev));
    device = fs::canonical("/sys/dev/block/" + number, ignored);
  }
  std::set<fs::path> disks;
  if (!device.empty()) add_disks(device, disks);
  return disks;
}

// Disks at USB say of themselves that they cannot be taken out when they are not sticks.
bool is_removable(const fs::path& disk) {
  std::error_code ignored;
  if (disk.string().find("/usb") != std::string::npos) return true;
  const auto flag = disk / "removable";
  return fs::exists(flag, ignored) && read_text(flag, kLargestTable).starts_with('1');
}

bool is_in_memory(std::string_view type) {
  return type == "tmpfs" || type == "ramfs" || type == "devtmpfs";
}

}  // namespace

Mount mount_of(const Dir& directory) {
  try {
    auto line = find_line(directory);
    if (!line) return {};
    const auto disks = disks_of(*line);
    const auto root = find_line(Dir::open("/"));
    const auto system = root ? disks_of(*root) : std::set<fs::path>();
    std::set<fs::path> common;
    std::set_intersection(disks.begin(), disks.end(), system.begin(), system.end(),
                          std::inserter(common, common.end()));
    auto& mount = line->mount;
    mount.is_removable = std::any_of(disks.begin(), disks.end(), is_removable);
    mount.is_system = mount.directory == "/" || !common.empty() || is_in_memory(mount.type);
    return mount;
  } catch (const Error&) {  // no /proc
    return {};
  }
}

}  // namespace gopack
