// What making a bundle works with.
#pragma once

#include <cstdint>

#include "gopack/base/report.hpp"
#include "gopack/store/store.hpp"

namespace gopack::bundle {

struct Context {
  const store::Store& store;   // has the trees, which somebody keeps from being removed
  const store::Store& target;  // the bundle, whose lock the caller holds
  Run run;
};

// What was done in a target.
struct Counts {
  std::uint64_t copied = 0;     // files
  std::uint64_t unchanged = 0;  // files that were there already
  std::uint64_t removed = 0;    // files
  std::uint64_t bytes = 0;      // copied

  Counts& operator+=(const Counts& more);
};

}  // namespace gopack::bundle
