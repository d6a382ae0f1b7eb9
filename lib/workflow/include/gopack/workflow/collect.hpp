// gc and remove: what leaves a store.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gopack/store/collection.hpp"
#include "gopack/workflow/session.hpp"
#include "gopack/workflow/switch.hpp"

namespace gopack::workflow {

// Takes the store's lock; everything else as store::collect() does it.
std::vector<store::Collected> collect_garbage(const Session& session, const store::CollectOptions& options);

struct RemoveOptions {
  std::vector<std::string> selectors;
  bool all = false;      // of a selector that chooses several trees of one release all of them
  bool dry_run = false;  // only tell
  bool force = false;    // the last tree as well
  SwitchOptions change;  // where the current tree is among them
};

struct Removed {
  std::vector<store::Leaving> trees;
  std::optional<Tree> successor;  // took the place of the current tree, which is among them
};

// Takes the chosen trees out; one that is named may be damaged or lost. A selector must choose one tree
// of each release, unless all of them are wanted. Where the current one is among them,
// the newest of the remaining trees is verified and becomes current first, as by use(). Throws Error,
// removing nothing: usage when a selector chooses several trees, failed when no tree would remain to be
// current, busy when a command is running in one, and as use() does.
Removed remove_trees(const Session& session, const RemoveOptions& options);

// Whether remove_trees() would make another tree current, after which the hook runs. Reads no trees. Throws
// Error as remove_trees() does.
bool would_switch(const Session& session, const RemoveOptions& options);

}  // namespace gopack::workflow
