// Bringing trees from a store into a bundle.
#pragma once

#include <cstdint>
#include <vector>

#include "gopack/base/report.hpp"
#include "gopack/store/catalog.hpp"
#include "gopack/store/verify.hpp"
#include "gopack/target/space_estimate.hpp"

namespace gopack::bundle {

// What making a bundle works with.
struct Context {
  const store::Store& store;   // has the trees, which somebody keeps from being removed
  const store::Store& target;  // the bundle, whose lock the caller holds
  Run run;
};

// What was done in a target.
struct Counts {
  std::uint64_t copied = 0;     // files
  std::uint64_t shared = 0;     // of them, those that the filesystem had already (store/shared_files.hpp)
  std::uint64_t unchanged = 0;  // files that were there already
  std::uint64_t removed = 0;    // files
  std::uint64_t bytes = 0;      // copied, and not shared

  Counts& operator+=(const Counts& more);
};

// What the target lacks of a tree.
struct TreeTransfer {
  const store::Tree& tree;
  bool is_published = false;  // it has the tree, perhaps damaged or lost; else nothing or a beginning
  std::vector<store::Problem> problems;  // a beginning has been read again byte by byte
};

// All of a tree, for a target that has no store yet.
TreeTransfer whole_transfer(const store::Tree& tree);

void add_to(target::SpaceEstimate& need, const TreeTransfer& transfer);

}  // namespace gopack::bundle
