// How the trees of a bundle are planned and copied.
#pragma once

#include <cstdint>
#include <optional>

#include "gopack/bundle/tree_transfer.hpp"

namespace gopack::bundle {

// The time of modification that all files of a tree have, in seconds since 1970; nothing where VERSION is
// lost.
std::optional<std::int64_t> release_time(const store::Store& store, const tree::StoreId& id);

TreeTransfer plan_transfer(const Context& context, const store::Tree& tree);

// Tells of what is to be copied; before the first of several begins, so that their sum is known.
void announce(Reporter& reporter, const TreeTransfer& transfer);

// The target has the tree when this returns, published and, on a durable one, read again from the medium
// first. What had been copied when it is interrupted stays for the next run. Throws Error (integrity) when
// the store's tree is damaged, or the medium gives back other bytes than it was given.
Counts carry_out(const Context& context, const TreeTransfer& transfer);

}  // namespace gopack::bundle
