// Asking the sources that the user names, one after the other. Private to workflow.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "gopack/source/source.hpp"
#include "gopack/workflow/session.hpp"

namespace gopack::workflow {

// What a source calls itself. Nothing is asked for it, neither a server nor Go.
std::string source_name(const Session& session, const std::string& name);

// Whether the source can answer without a network.
bool is_at_hand(const std::string& name);

// Calls `attempt` with each source until one succeeds; with --offline only with those at hand. Only what
// another source may do better is passed over, with a note. Throws Error.
void try_sources(const Session& session, const std::vector<std::string>& all,
                 const std::function<void(source::Source&, const std::string& name)>& attempt);

}  // namespace gopack::workflow
