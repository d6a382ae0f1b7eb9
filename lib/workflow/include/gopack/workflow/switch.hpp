// use and rollback: another tree becomes current.
#pragma once

#include <optional>
#include <string>

#include "gopack/store/catalog.hpp"
#include "gopack/workflow/session.hpp"

namespace gopack::workflow {

struct SwitchOptions {
  std::string post_switch;  // hooks.post_switch: a command line for the system's shell; empty for none
  bool rollback_on_failure = false;  // a failing hook brings the old tree back
};

struct Switched {
  std::optional<tree::StoreId> from;
  Tree to;
  bool changed = false;  // false: it was current already
};

// Takes the store's lock, verifies every byte of the tree, then switches. After a change, and after the lock
// is released, the hook gets on stdin
// {"schema":1,"event":"post_switch","home","from","to","release","platforms","profile","path"}; what it
// leaves in the background goes on. Throws Error: integrity when the tree is damaged (nothing is switched),
// failed when the hook fails.
Switched use(const Session& session, const std::string& selector, const SwitchOptions& options);

// Back to what was current before the last switch. Only names and sizes are checked: going back must work
// fast.
Switched rollback(const Session& session, const SwitchOptions& options);

}  // namespace gopack::workflow
