// doctor: what would stop gopack or a bundle from working here, and how a bundle would lie there.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "gopack/target/diagnosis.hpp"
#include "gopack/workflow/session.hpp"

namespace gopack::workflow {

struct DoctorOptions {
  std::vector<std::string> sources;
  bool needs_no_sources = false;  // a bundle that is named, or a machine that is offline
};

// Probes `directory` (a store, or where a bundle is to go; it need not exist) and leaves nothing behind
// there, looks for variables that change what Go does, and asks each source for its list. What sources answer
// is only a note with DoctorOptions::needs_no_sources. Where `directory`
// has no trees it is the current one of the session's store that is to go there. Throws Error.
target::Diagnosis examine(const std::filesystem::path& directory, const Session& session,
                          const DoctorOptions& options);

// What is on a disk or in an image, and whether gopack writes there. Nothing is written. Throws Error, failed
// where it cannot be read.
std::vector<target::Check> examine_medium(const std::filesystem::path& path, const Run& run);

}  // namespace gopack::workflow
