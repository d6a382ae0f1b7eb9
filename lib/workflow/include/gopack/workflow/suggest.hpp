// suggest: the smallest profile by which a command still finds all that it uses of an SDK.
#pragma once

#include <string>
#include <vector>

#include "gopack/prove/suggestion.hpp"
#include "gopack/workflow/session.hpp"

namespace gopack::workflow {

struct SuggestOptions {
  std::string release = "latest";  // fetched
  std::vector<std::string> command;
};

// Lays the whole release out for the time being and runs the command on it, on a build cache of its own, so
// that everything is compiled; watches which programs and files it uses. Throws Error, also (failed) when the
// command fails.
prove::Suggestion suggest(const Session& session, const SuggestOptions& options);

}  // namespace gopack::workflow
