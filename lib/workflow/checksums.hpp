// SHA256SUMS of a bundle, which says what lies beside its trees. Private to workflow.
#pragma once

#include <optional>

#include "gopack/workflow/verify.hpp"

namespace gopack::workflow {

inline constexpr const char* kChecksums = "SHA256SUMS";

// What it lists beside the trees: launchers, page and the manifests of trees that are there; it must list
// each launcher that is there. Nothing where the store is no bundle.
std::optional<Verified> verify_beside(const store::Store& store);

// Restores of them what this program can write, which is what it has written. Adds the paths of others to
// `lost`.
std::optional<Repaired> repair_beside(const store::Store& store, std::vector<std::string>& lost);

// Takes the lines of trees out that have gone.
void forget_removed(const store::Store& store);

}  // namespace gopack::workflow
