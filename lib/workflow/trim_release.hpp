// One release as one tree. Private to workflow.
#pragma once

#include <mutex>

#include "gopack/workflow/trim.hpp"
#include "lay_out.hpp"
#include "mismatches.hpp"
#include "tree_heads.hpp"

namespace gopack::workflow {

struct TrimContext {
  const Session& session;
  const TrimOptions& options;
  unsigned threads = 1;  // that inflate
  std::mutex& store;     // staging and publication, one at a time
  TreeHeads& heads;      // of the store; under `store`
  Mismatches& mismatches;
};

// Safe for concurrent use, with one context. `superseded` is left empty. Throws Error.
Trimmed trim_release(const TrimContext& context, const ReleaseArchives& release);

}  // namespace gopack::workflow
