// bundle: chosen trees with launchers and settings on a stick, share or folder.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "gopack/bundle/go_env.hpp"
#include "gopack/workflow/choose.hpp"
#include "gopack/workflow/session.hpp"

namespace gopack::workflow {

struct BundleOptions {
  std::vector<std::string> selectors;  // none: every tree of the store
  std::string profile;                 // only trees of this profile; empty for any
  std::filesystem::path target;
  bool delete_others = false;                  // take trees out of the target that were not chosen
  std::vector<std::filesystem::path> modules;  // go.mod and go.work files: what they need is brought along
  std::vector<bundle::GoSetting> go_env;       // for the bundle's go.env
  std::vector<std::string> warm;               // packages to compile into the build cache beforehand: "std"
  std::vector<std::string> warm_flags;         // plain, trimpath, race; none: plain and trimpath
};

struct Bundled {
  std::vector<Tree> trees;          // chosen ones
  tree::StoreId current;            // of the bundle
  std::uint64_t copied = 0;         // files written
  std::uint64_t unchanged = 0;      // files that were there already
  std::uint64_t removed = 0;        // files taken away
  std::uint64_t bytes = 0;          // written
  bool flushed = false;             // everything is on the medium, which may be taken away
  std::vector<std::string> warmed;  // what the build cache knows: "go1.23.4 linux/amd64 -trimpath"
};

// Takes the locks of store and target. A tree that the target has with all its files (names and sizes) is not
// copied again; of a damaged one only what differs is. New trees are published as in any store: written
// aside, proved equal to their manifest, flushed, renamed; the pointer comes last. The store's current tree
// becomes the bundle's when it is among the chosen ones; else the bundle's own stays, else the newest chosen.
// Settings that are there stay as they are, but for `go_env`. Throws Error; the target is then as usable as
// before.
Bundled bundle(const Session& session, const BundleOptions& options);

}  // namespace gopack::workflow
