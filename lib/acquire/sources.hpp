// The sources that a user names, asked in order. Private to acquire.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "gopack/acquire/acquire.hpp"
#include "gopack/acquire/context.hpp"
#include "gopack/source/source.hpp"

namespace gopack::acquire {

// What the source calls itself. Nothing is asked for it, neither a server nor Go.
std::string source_name(const Context& context, const std::string& name);

// Whether the source can answer without a network.
bool is_at_hand(const std::string& name);

// Calls `attempt` with each source until one succeeds, with `opened` where it has the name; with --offline
// only sources at hand are asked. Only what another source may do better is passed over, with a note. Throws
// Error.
void try_sources(const Context& context, const std::vector<std::string>& names, const OpenedSource& opened,
                 const std::function<void(const OpenedSource&)>& attempt);

}  // namespace gopack::acquire
