// What leaves a store: what nothing refers to, and what is named. Not thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gopack/base/report.hpp"
#include "gopack/store/catalog.hpp"

namespace gopack::store {

struct CollectOptions {
  bool dry_run = false;                   // only tell
  bool downloads = false;                 // archives that no tree was made from go as well
  std::vector<std::string> trees_except;  // selectors; where there are some, other trees go as well
};

struct Collected {
  std::string path;                       // below the store
  std::uint64_t bytes = 0;                // that are free once it and all before it are gone
  std::optional<Tree> tree;               // if it is one
  std::optional<store::Archive> archive;  // if it is one; its record goes with it
};

// Drops what nothing refers to: what an interrupted run left, parts of downloads, archives without record and
// records without archive. Trees and recorded archives are somebody's and stay unless `options` say
// otherwise. The current tree, the one that rollback goes back to, trees that a command is running in and
// trees whose manifest is damaged stay in any case; so do all trees where none is current, and all of
// downloads/ where it is not known what a remaining tree was made from. The caller holds the lock. Throws
// Error, removing nothing: failed where the pointer is not understood, unreachable where a selector chooses
// no tree.
std::vector<Collected> collect(const Store& store, const CollectOptions& options, const Run& run);

// A tree that is to go.
struct Leaving {
  tree::StoreId id;
  std::optional<Tree> tree;  // nothing: its manifest is damaged
  std::uint64_t bytes = 0;   // that are free once it and all before it are gone; set by measure()
};

// The trees that `selectors` choose; one that is named may be damaged, or lost. Throws Error (usage) where a
// selector chooses several trees of one release, unless `all` of them are wanted.
std::vector<Leaving> choose_leaving(const Store& store, const std::vector<std::string>& selectors, bool all,
                                    Reporter& reporter);
void measure(const Store& store, std::vector<Leaving>& trees);

bool contains(const std::vector<Leaving>& trees, const std::optional<tree::StoreId>& id);

// The newest of the trees that remain and run here, a pre-release only where there is nothing else,
// preferably of the same profile as `current`, which goes, and for the most platforms.
std::optional<Tree> find_successor(const Store& store, const std::vector<Leaving>& leaving,
                                   const tree::StoreId& current, Reporter& reporter);

}  // namespace gopack::store
