// prove: a trimmed tree laid beside the whole release it was made from.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gopack/prove/prove.hpp"
#include "gopack/store/catalog.hpp"
#include "gopack/workflow/session.hpp"

namespace gopack::workflow {

struct ProveOptions {
  std::string tree;  // v_<hash>, a selector; empty: the current one
  std::string against =
      "full";  // or the archive that the tree was made from, where downloads/ has it no more
  std::vector<std::string> targets;  // instead of the tree's
};

struct Proved {
  Tree tree;
  prove::Proof proof;
};

// Exercises the capabilities that the tree's profile declares, or all when it declares none. What it finds is
// written beside the manifest (v_<hash>.proof.json). Takes the store's lock; everything it makes lies in the
// store's staging and is gone at the end. Throws Error.
Proved prove(const Session& session, const ProveOptions& options);

}  // namespace gopack::workflow
