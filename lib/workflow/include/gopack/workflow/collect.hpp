// gc and remove: what leaves a store.
#pragma once

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
// With `dry_run` only tells. Takes the lock.
std::vector<Collected> collect_garbage(const Session& session, bool dry_run);

// Takes the chosen trees out. Throws Error, removing nothing: failed when the current one is among them, busy
// when a command is running in one.
std::vector<Tree> remove_trees(const Session& session, const std::vector<std::string>& selectors);

}  // namespace gopack::workflow
