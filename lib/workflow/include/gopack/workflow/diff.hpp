// diff: what one tree, release or profile has that another has not, file by file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gopack/workflow/session.hpp"

namespace gopack::workflow {

struct DiffOptions {
  std::string before;                  // v_<hash>, a release, or a profile
  std::string after;                   // likewise
  std::string release = "latest";      // fetched, that profiles are compared on
  std::string profile = "full";        // that releases are compared with
  std::vector<std::string> platforms;  // none: every fetched platform
  std::vector<std::string> targets;    // instead of the profiles'
};

// One of the two that are compared.
struct DiffSide {
  std::string name;  // "go1.23.4 minimal", "go1.23.4 minimal (v_…)"
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
};

// A file that only one of them has, or that differs in bytes or mode.
struct FileDifference {
  std::string path;
  std::string category;                 // of the table of capabilities
  std::optional<std::uint64_t> before;  // bytes
  std::optional<std::uint64_t> after;
};

struct Difference {
  DiffSide before;
  DiffSide after;
  std::vector<FileDifference> files;  // sorted by path
};

// Reads archives and manifests, and writes nothing. Throws Error.
Difference diff(const Session& session, const DiffOptions& options);

}  // namespace gopack::workflow
