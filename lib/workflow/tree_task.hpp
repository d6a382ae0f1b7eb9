// Bringing trees onto the target of a bundle. Private to workflow.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "gopack/store/catalog.hpp"
#include "gopack/store/verify.hpp"
#include "gopack/target/space_estimate.hpp"
#include "gopack/workflow/session.hpp"

namespace gopack::workflow {

// What the target lacks of a tree.
struct TreeTask {
  const Tree& tree;
  bool is_published = false;  // it has the tree, perhaps damaged or lost; else nothing or a beginning
  std::vector<store::Problem> problems;  // a beginning has been read again byte by byte
};

// The time of modification that all files of a tree have, in seconds since 1970; nothing where VERSION is
// lost.
std::optional<std::int64_t> release_time(const store::Store& store, const tree::StoreId& id);

// All of a tree, for a target that has no store yet.
TreeTask whole_task(const Tree& tree);
TreeTask plan_task(const Session& session, const store::Store& target, const Tree& tree);

void add_to(target::SpaceEstimate& need, const TreeTask& task);

// Tells of what is to be copied; before the first of several begins, so that their sum is known.
void announce(Reporter& reporter, const TreeTask& task);

struct TaskDone {
  std::uint64_t copied = 0;     // files
  std::uint64_t unchanged = 0;  // files
  std::uint64_t removed = 0;    // files
  std::uint64_t bytes = 0;      // copied
};

// The target has the tree when this returns, published and, on a durable one, read again from the medium
// first. What had been copied when it is interrupted stays for the next run. Throws Error (integrity) when
// the store's tree is damaged, or the medium gives back other bytes than it was given.
TaskDone carry_out(const Session& session, const store::Store& target, const TreeTask& task);

}  // namespace gopack::workflow
