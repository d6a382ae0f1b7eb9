// The table of mounts as Linux tells it (proc(5), /proc/PID/mountinfo). Private to base.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gopack/base/mount.hpp"

namespace gopack {

struct MountLine {
  std::string number;  // of the mount: "42"
  Mount mount;         // its type, source and directory
  std::string device;  // its number: "8:17"
};

// All of it, without lines that are malformed.
std::vector<MountLine> parse_mount_table(std::string_view table);

// The mount with this number; nothing where the table lacks it or its line is malformed.
std::optional<MountLine> find_in_mount_table(std::string_view table, std::string_view number);

}  // namespace gopack
