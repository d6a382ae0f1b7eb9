// make: the whole job in one go, from selectors to a verified bundle.
#pragma once

#include <string>
#include <vector>

#include "gopack/workflow/bundle.hpp"
#include "gopack/workflow/fetch.hpp"
#include "gopack/workflow/trim.hpp"
#include "gopack/workflow/verify.hpp"

namespace gopack::workflow {

struct MakeOptions {
  acquire::Request fetch;
  TrimOptions trim;      // without selectors and platforms: what was fetched
  BundleOptions bundle;  // without selectors: what was laid out
};

struct Made {
  std::vector<acquire::Fetched> fetched;
  std::vector<Trimmed> trimmed;
  Bundled bundled;
  std::vector<Verified> verified;  // everything in the target
};

// fetch, trim, bundle and verify, one after the other; each takes and releases the locks that it needs. What
// is done already is not done again, so a second run updates the target. Throws Error as they do, and
// (integrity) when something in the target is not as it should be.
Made make(const Session& session, const MakeOptions& options);

}  // namespace gopack::workflow
