// What is said about the profiles of trees. Private to workflow.
#pragma once

#include <string>
#include <vector>

#include "gopack/base/error.hpp"
#include "gopack/store/store.hpp"

namespace gopack::workflow {

// The error where no tree has that profile: failed for a built-in one, else usage with what was meant among
// `profiles`, which are those of the trees.
Error no_tree_of_profile(const store::Store& store, const std::string& profile,
                         std::vector<std::string> profiles);

}  // namespace gopack::workflow
