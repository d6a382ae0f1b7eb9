// The digest that lies beside an archive.
#pragma once

#include "gopack/source/source.hpp"

namespace gopack::source {

// Takes the digest of an offer that has none from "<url>.sha256". Nothing happens when there is no such file,
// or something else in its place (the official site answers with a page). Throws Error (unreachable).
void pin_by_sha256_file(Offer& offer, transport::Transport& transport);

}  // namespace gopack::source
