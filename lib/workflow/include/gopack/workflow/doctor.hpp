// doctor: what would stop gopack or a bundle from working here, and how a bundle would lie there.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "gopack/workflow/session.hpp"

namespace gopack::workflow {

struct Check {
  std::string name;  // what was looked at
  bool ok = false;
  std::string found;     // what was found, and what it means
  std::string remedy;    // what to do when it is not ok
  bool is_note = false;  // when it is not ok: that stops nothing of what was asked about
};

// What a bundle becomes there.
struct Layout {
  std::string pointer;           // "current" or "current.txt"; empty: not known
  bool staging = false;          // programs do not run from there: launchers have to copy them first
  std::uint64_t block_size = 0;  // bytes
  std::uint64_t available = 0;   // bytes
  std::vector<std::string>
      trees;                  // ids of those that the following is about: the directory's, or the store's
  std::uint64_t bytes = 0;    // of their files
  std::uint64_t on_disk = 0;  // in blocks there
  std::uint64_t longest_path = 0;  // characters, as Windows would show it
};

struct DoctorOptions {
  std::vector<std::string> sources;
  bool needs_no_sources = false;  // a bundle that is named, or a machine that is offline
};

struct Diagnosis {
  std::vector<Check> checks;
  Layout layout;
};

// Probes `directory` (a store, or where a bundle is to go; it need not exist) and leaves nothing behind
// there, looks for variables that change what Go does, and asks each source for its list. What sources answer
// is only a note with DoctorOptions::needs_no_sources. Where `directory`
// has no trees it is the current one of the session's store that is to go there. Throws Error.
Diagnosis examine(const std::filesystem::path& directory, const Session& session,
                  const DoctorOptions& options);

}  // namespace gopack::workflow
