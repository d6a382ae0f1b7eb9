// What `gopack prove` found out, as text and as JSON.
#pragma once

#include "gopack/workflow/prove.hpp"
#include "program.hpp"

namespace gopack::app {

// {proved, tree, checks[]}
Json to_json(const store::Store& store, const workflow::Proved& proved);

// A line for each check that differs or was not tried (`all`: for each), and their number.
std::string proof_text(const workflow::Proved& proved, bool all);

}  // namespace gopack::app
