// Which trees go into a bundle, and which of them it starts. Pure; safe for concurrent use.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "gopack/store/catalog.hpp"

namespace gopack::bundle {

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
