// The trees of a bundle, and which of them it starts. Private to workflow.
#pragma once

#include <optional>
#include <vector>

#include "gopack/bundle/choice.hpp"
#include "gopack/workflow/bundle.hpp"

namespace gopack::workflow {

struct Chosen {
  std::vector<Tree> trees;
  std::optional<Tree> start;  // if the user has named it
};

// Throws Error as bundle::choose_bundled() and store::pick_tree() do.
Chosen choose(const Session& session, const BundleContent& content);

// What is current where the bundle goes; nothing in a new one.
struct OwnTree {
  std::optional<Tree> own;
  bool keeps_own = false;
};
bundle::Start choose_start(const Session& session, const BundleContent& content, const Chosen& chosen,
                           OwnTree own);

}  // namespace gopack::workflow
