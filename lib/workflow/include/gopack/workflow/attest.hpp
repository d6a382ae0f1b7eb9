// attest: what is said of a tree to programs that check software.
#pragma once

#include <string>

#include "gopack/attest/attest.hpp"
#include "gopack/workflow/session.hpp"

namespace gopack::workflow {

// Of the tree that `selector` chooses (none: the current one), by its manifest and, for what a profile has
// dropped, by its archives; a warning says what is not known where they are not in downloads/ any more.
// Throws Error, integrity where the tree's own files are damaged that are read.
attest::Facts attest(const Session& session, const std::string& selector, const std::string& gopack_version);

}  // namespace gopack::workflow
