// Archives of one release as one tree: what trim and repair share. Private to workflow.
#pragma once

#include <vector>

#include "gopack/tree/tree_sink.hpp"
#include "gopack/workflow/session.hpp"

namespace gopack::workflow {

// Proves each archive against its record and gives its files to `sink`, placed as in a tree for the platforms
// of all of them.
void lay_out(const Session& session, const std::vector<store::Archive>& archives, tree::TreeSink& sink);

}  // namespace gopack::workflow
