// doctor: what would stop gopack or a bundle from working here.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "gopack/workflow/session.hpp"

namespace gopack::workflow {

struct Check {
  std::string name;  // what was looked at
  bool ok = false;
  std::string found;   // what was found
  std::string remedy;  // what to do when it is not ok
};

// Probes `directory` (the session's store, or where a bundle is to go) rather than guess by the filesystem's
// name, looks for variables that change what Go does, and asks each source for its list.
std::vector<Check> examine(const std::filesystem::path& directory, const Session& session,
                           const std::vector<std::string>& sources);

}  // namespace gopack::workflow
