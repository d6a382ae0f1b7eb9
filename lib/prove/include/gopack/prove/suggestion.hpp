// The smallest profile by which a command still finds all that it used of an SDK. Pure; safe for concurrent
// use.
#pragma once

#include <string>
#include <vector>

#include "gopack/prove/trace.hpp"
#include "gopack/release/version.hpp"
#include "gopack/tree/manifest.hpp"

namespace gopack::prove {

struct Suggestion {
  std::string release;                    // "go1.23.4"
  std::vector<std::string> capabilities;  // declared
  std::vector<std::string> targets;
  std::vector<std::string> keep;  // patterns of files that no capability keeps
  std::string profile;            // the YAML text
};

// What a command did with a whole release.
struct Use {
  const Trace& trace;
  const tree::Manifest& release;  // its files
  const release::Version& version;
  const std::vector<std::string>& command;
};

// Capabilities come from the words that the go command was given, and from the table of what each of them
// keeps, as far as the files need it.
Suggestion suggest_profile(const Use& use);

}  // namespace gopack::prove
