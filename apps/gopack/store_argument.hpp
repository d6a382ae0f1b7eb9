// The store or bundle that a command line names without --home.
#pragma once

#include <string>
#include <vector>

namespace gopack::app {

// Commands that work on a store or bundle take its directory as the word right after their name:
// `gopack repair /mnt/stick` is `gopack repair --home /mnt/stick`. A word with a "/", and "." and "..", is
// taken so where it is a directory, but for that of a tree; any other word where it is a store's and not a
// selector.
void take_store_argument(std::vector<std::string>& arguments);

// Whether the command is one of them.
bool takes_store_argument(const std::string& command);

}  // namespace gopack::app
