// sync: the trees of one store or bundle in another one, on whatever disk, stick or share.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "gopack/bundle/tree_transfer.hpp"
#include "gopack/workflow/session.hpp"

namespace gopack::workflow {

struct SyncOptions {
  std::filesystem::path to;
  std::vector<std::string> selectors;  // none: every tree
  bool delete_others = false;          // leave no tree there that is not chosen
  bool use = false;                    // make current there what is current here
  bool dry_run = false;
};

struct SyncedTree {
  Tree tree;
  bool was_there = false;
};

struct Synced {
  std::vector<SyncedTree> trees;         // oldest release first
  std::vector<Tree> removed;             // that have left
  std::optional<tree::StoreId> current;  // there, afterwards
  bundle::Counts counts;                 // of files
  bool switched = false;                 // another tree was current there before
  bool flushed = false;                  // the medium may be taken away
};

// The session's store has the trees. Manifests are compared, never times. Files are written in place and read
// back; a tree exists once its manifest does, so an interrupted run is gone on with. Where either side is a
// bundle the other side gets launchers too. Current there stays what it was unless it leaves or `use` is
// given. Throws Error: busy, integrity, noroom, usage.
Synced sync(const Session& session, const SyncOptions& options);

}  // namespace gopack::workflow
