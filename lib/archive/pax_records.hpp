// The records of a pax extended header (POSIX.1-2017, "pax Interchange Format").
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "refusal.hpp"

namespace gopack::archive {

struct PaxRecords {
  std::optional<std::string> path;
  std::optional<std::uint64_t> size;  // bytes
};

// Parses "<length> <key>=<value>\n"…. Only path, size and times may be said, each once. `entry` is the one
// they are about. Throws Error (unsafe).
PaxRecords parse_pax(EntryName entry, std::string_view text);

}  // namespace gopack::archive
