// flash: an image to several disks at once.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "gopack/base/disk.hpp"
#include "gopack/base/report.hpp"
#include "gopack/flash/flash.hpp"

namespace gopack::workflow {

struct FlashOptions {
  std::filesystem::path image;
  std::vector<std::filesystem::path> targets;
  std::vector<std::string> confirmed;  // serial numbers, see flash::confirmation_of
  // What somebody types who is asked for the serial number of a disk that is not confirmed.
  std::function<std::string(const Disk&)> ask = [](const Disk&) { return std::string(); };
  bool allow_files = false;                      // regular files too, and loop devices, which are files
  std::chrono::milliseconds stall_limit{60000};  // after which a device that does not answer is given up
};

struct FlashedDisks : flash::Flashed {
  std::vector<std::optional<Disk>> disks;  // of the outcomes; nothing for a file
};

// Throws Error before anything is written to any of them: usage or busy where a target is not a candidate, is
// named twice or is not confirmed; as flash::flash() does. Everything later is in the outcomes.
FlashedDisks flash(const FlashOptions& options, const Run& run);

}  // namespace gopack::workflow
