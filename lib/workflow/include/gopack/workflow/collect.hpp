// gc and remove: what leaves a store.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gopack/store/catalog.hpp"
#include "gopack/workflow/session.hpp"
#include "gopack/workflow/switch.hpp"

namespace gopack::workflow {

struct CollectOptions {
  bool dry_run = false;                   // only tell
  bool downloads = false;                 // archives that no tree was made from go as well
  std::vector<std::string> trees_except;  // selectors; where there are some, other trees go as well
};

struct Collected {
  std::string path;  // below the store
  std::uint64_t bytes = 0;
  std::optional<Tree> tree;               // if it is one
  std::optional<store::Archive> archive;  // if it is one; its record goes with it
};

// Drops what nothing refers to: what an interrupted run left, parts of downloads, archives without record and
// records without archive. Trees and recorded archives are somebody's and stay unless `options` say
// otherwise. The current tree, the one that rollback goes back to, trees that a command is running in and
// trees whose manifest is damaged stay in any case; so do all trees where none is current, and all of
// downloads/ where it is not known what a remaining tree was made from. Takes the lock. Throws Error,
// removing nothing: failed where the pointer is not understood, unreachable where a selector chooses no tree.
std::vector<Collected> collect_garbage(const Session& session, const CollectOptions& options);

struct RemoveOptions {
  std::vector<std::string> selectors;
  bool all = false;      // of a selector that chooses several trees of one release all of them
  bool dry_run = false;  // only tell
  bool force = false;    // the last tree as well
  SwitchOptions change;  // where the current tree is among them
};

struct Removed {
  struct One {
    tree::StoreId id;
    std::optional<Tree> tree;  // nothing: its manifest was damaged
    std::uint64_t bytes = 0;   // that its files took
  };
  std::vector<One> trees;
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
