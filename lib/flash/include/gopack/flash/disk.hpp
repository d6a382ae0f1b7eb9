// Which disks gopack writes images to.
#pragma once

#include <optional>
#include <string>

#include "gopack/base/disk.hpp"

namespace gopack::flash {

// Why gopack does not write there, such as "it is a partition"; nothing for a candidate.
std::optional<std::string> find_objection(const Disk& disk);

// The word by which somebody says that this very disk is meant: its serial number or, where it has none, the
// last part of its name ("sdb").
std::string confirmation_of(const Disk& disk);

}  // namespace gopack::flash
