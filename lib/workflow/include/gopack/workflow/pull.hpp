// pull: trees that `gopack pack` has made, from a directory, a web server or a registry.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gopack/pack/trust.hpp"
#include "gopack/workflow/session.hpp"

namespace gopack::workflow {

struct PullOptions {
  std::string source;                  // a directory, an http, https or file URL, or oci://host/name
  std::vector<std::string> selectors;  // none: every tree that is offered
  pack::Trust trust;
  bool plan_only = false;
  bool use = false;  // make the newest of them current
};

struct Pulled {
  Tree tree;  // after a plan: without its files
  bool was_there = false;
  std::optional<tree::StoreId> delta_from;  // the tree that a delta begins at; nothing: whole packs
  std::uint64_t bytes = 0;                  // to be got
};

struct PulledTrees {
  std::vector<Pulled> trees;  // oldest release first
  std::optional<tree::StoreId> current;
};

// Takes the store's lock. Every file is proved by the tree's manifest, and that by its signature. A blob that
// an interrupted run has begun is gone on with. Throws Error: unreachable, integrity (also unsigned ones),
// noroom.
PulledTrees pull(const Session& session, const PullOptions& options);

}  // namespace gopack::workflow
