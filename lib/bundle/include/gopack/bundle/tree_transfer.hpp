// Bringing trees from a store into a bundle.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "gopack/bundle/context.hpp"
#include "gopack/store/catalog.hpp"
#include "gopack/store/verify.hpp"
#include "gopack/target/space_estimate.hpp"

namespace gopack::bundle {

// What the target lacks of a tree.
struct TreeTransfer {
  const store::Tree& tree;
  bool is_published = false;  // it has the tree, perhaps damaged or lost; else nothing or a beginning
  std::vector<store::Problem> problems;  // a beginning has been read again byte by byte
};

// The time of modification that all files of a tree have, in seconds since 1970; nothing where VERSION is
// lost.
std::optional<std::int64_t> release_time(const store::Store& store, const tree::StoreId& id);

// All of a tree, for a target that has no store yet.
TreeTransfer whole_transfer(const store::Tree& tree);
TreeTransfer plan_transfer(const Context& context, const store::Tree& tree);

void add_to(target::SpaceEstimate& need, const TreeTransfer& transfer);

// Tells of what is to be copied; before the first of several begins, so that their sum is known.
void announce(Reporter& reporter, const TreeTransfer& transfer);

// The target has the tree when this returns, published and, on a durable one, read again from the medium
// first. What had been copied when it is interrupted stays for the next run. Throws Error (integrity) when
// the store's tree is damaged, or the medium gives back other bytes than it was given.
Counts carry_out(const Context& context, const TreeTransfer& transfer);

}  // namespace gopack::bundle
