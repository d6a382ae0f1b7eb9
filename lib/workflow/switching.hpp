// The step that use, rollback and remove share. Private to workflow.
#pragma once

#include "gopack/store/verify.hpp"
#include "gopack/workflow/switch.hpp"

namespace gopack::workflow {

// Verifies the tree to that depth, makes it current and runs the hook; the caller holds the store's lock.
// Throws Error as use() does.
Switched switch_to(const Session& session, Tree tree, store::Depth depth, const SwitchOptions& options);

}  // namespace gopack::workflow
