// bin/go and bin/gofmt of a tree for several Unix platforms, whose own programs lie in bin/<os>_<arch>/.
#pragma once

#include <vector>

#include "gopack/release/platform.hpp"
#include "gopack/tree/tree_sink.hpp"

namespace gopack::release {

// Gives scripts for these names to `sink` where bin/ has no programs for Unix of its own. Each starts the
// program of its name for the machine that it runs on (command.sh). Their bytes are a part of the tree's
// name: they depend on nothing, and a change of theirs gives trees for several Unix platforms other names.
void add_shared_commands(const std::vector<Platform>& platforms, tree::TreeSink& sink);

}  // namespace gopack::release
