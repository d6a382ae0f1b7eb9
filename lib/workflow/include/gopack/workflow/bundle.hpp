// bundle: chosen trees with launchers and settings on a stick, share or folder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "gopack/base/mount.hpp"
#include "gopack/bundle/files.hpp"
#include "gopack/bundle/go_env.hpp"
#include "gopack/bundle/tree_transfer.hpp"
#include "gopack/offline/warm.hpp"
#include "gopack/store/catalog.hpp"
#include "gopack/workflow/session.hpp"

namespace gopack::workflow {

// What a bundle is to have, wherever it goes.
struct BundleContent {
  std::vector<std::string> selectors;  // none: every tree of the store
  std::string profile;                 // only trees of this profile; empty for any
  std::string current;                 // selector of the chosen tree that it is to start; empty: see bundle()
  std::vector<bundle::GoSetting> go_env;       // for its go.env
  std::vector<std::filesystem::path> modules;  // go.mod and go.work files: what they need is brought along
  offline::WarmOptions warm;                   // what to compile into the build cache beforehand
  std::vector<bundle::BundleFile> programs;    // gopack itself, beside the launchers
};

struct BundleOptions : BundleContent {
  std::filesystem::path target;
  bool delete_others = false;  // leave no tree in the target that was not chosen
};

struct Bundled {
  std::vector<Tree> trees;          // chosen ones
  Tree current;                     // of the bundle
  bool is_own_choice = false;       // it was current there before, and is not the store's
  bool switched = false;            // another one was current there before
  Mount medium;                     // what the target lies on
  bundle::Counts counts;            // of files
  bool flushed = false;             // everything is on the medium, which may be taken away if it can be
  std::vector<std::string> warmed;  // what the build cache knows: "go1.23.4 linux/amd64 -trimpath"
};

// Takes the target's lock, and leases on the chosen trees; the store's lock only until they are leased, but
// to the end where `modules` or `warm` are asked for, which are made in the store. A tree that the target has
// with all its files (names and sizes) is not copied again; of a damaged one only what differs is. New trees
// are published as in any store: written aside, proved equal to their manifest, flushed, renamed; the pointer
// comes last.
//
// What was chosen by name becomes current, of several trees the one of the newest release. Without selectors
// the bundle's own current tree, which its owner may have chosen there, stays as long as it is there; a new
// bundle gets the store's current one, if that is among the chosen trees.
//
// Settings that are there stay as they are, but for `go_env`. Throws Error; the target is then as usable as
// before.
Bundled bundle(const Session& session, const BundleOptions& options);

}  // namespace gopack::workflow
