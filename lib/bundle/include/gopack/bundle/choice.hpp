// Which trees go into a bundle, and which of them it starts.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "gopack/store/catalog.hpp"

namespace gopack::bundle {

struct TreesQuestion {
  const std::vector<std::string>& selectors;  // none: every tree of the store
  const std::string& profile;                 // only trees of this profile; empty for any
};

// The trees that are meant, without those that others supersede unless a v_<hash> names them; at least one.
// Throws Error: failed where there is none, usage for a profile that is not known, and as
// store::choose_trees() does.
std::vector<store::Tree> choose_bundled(const store::Store& store, const TreesQuestion& question,
                                        Reporter& reporter);

// Of several trees for the same work the one that does it all; those that `is_named` names stay in any case.
std::vector<store::Tree> without_superseded(std::vector<store::Tree> trees,
                                            const std::function<bool(const store::Tree&)>& is_named);

struct StartQuestion {
  const std::vector<store::Tree>& trees;  // that are bundled; at least one
  bool is_chosen_by_name = false;         // the user has named them
  std::optional<tree::StoreId> store;     // what is current in the store
  std::optional<store::Tree> own;         // what is current in the target, if its manifest is in order
  bool keeps_own = false;                 // that one stays in the target also where it is not among `trees`
};

struct Start {
  store::Tree tree;
  bool is_own_choice = false;  // it was current in the target before, and is not the store's
};

// What was named becomes current, of several trees the one of the newest release. Otherwise the target's own
// current tree stays, or what supersedes it; a new bundle starts the store's current one, if that is bundled,
// else the newest.
Start choose_start(const StartQuestion& question);

}  // namespace gopack::bundle
