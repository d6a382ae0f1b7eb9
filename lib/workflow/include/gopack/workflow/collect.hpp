// gc and remove: what leaves a store.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gopack/workflow/choose.hpp"
#include "gopack/workflow/session.hpp"

namespace gopack::workflow {

struct Collected {
  std::string path;  // below the store
  std::uint64_t bytes = 0;
};

// Drops trees that are neither current nor what rollback goes back to, downloads that no remaining tree was
// made from, parts of downloads, and what an interrupted run left. A tree that a command is running in stays.
// Where no tree is current, all of them stay; where it is not known what the remaining ones were made from,
// so do downloads. With `dry_run` only tells. Takes the lock. Throws Error (failed), removing nothing, where
// the pointer is not understood.
std::vector<Collected> collect_garbage(const Session& session, bool dry_run);

struct Removed {
  tree::StoreId id;
  std::optional<Tree> tree;  // nothing: its manifest was damaged
};

// Takes the chosen trees out; one that is named may be damaged or lost. Throws Error, removing nothing:
// failed when the current one is among them, busy when a command is running in one.
std::vector<Removed> remove_trees(const Session& session, const std::vector<std::string>& selectors);

}  // namespace gopack::workflow
