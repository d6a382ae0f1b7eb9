// The steps that use, rollback and remove share. Private to workflow.
#pragma once

#include "gopack/store/verify.hpp"
#include "gopack/workflow/switch.hpp"

namespace gopack::workflow {

// Verifies the tree to that depth and makes it current; the caller holds the store's lock. Throws Error as
// use() does.
Switched switch_to(const Session& session, Tree tree, store::Depth depth);

// Runs the hook of a switch that has changed something, and returns what it was given. The caller holds the
// lock no longer: the hook may run long, and use gopack itself. Throws Error as use() does.
Switched run_hook(const Session& session, Switched switched, const SwitchOptions& options);

}  // namespace gopack::workflow
