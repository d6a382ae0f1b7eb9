// report: what of its release a laid-out tree has and has not, and why.
#pragma once

#include <string>
#include <vector>

#include "gopack/trim/report.hpp"
#include "gopack/workflow/session.hpp"

namespace gopack::workflow {

struct ReportOptions {
  std::vector<std::string> trees;  // selectors or v_<hash>; none: all trees
  std::string profile;             // file of the trees' profile; empty: the name that the manifests give
};

// One report a tree, from its manifest and the archives it was made from, which must be in downloads/ still.
// Where the profile has changed since, what was kept and dropped is told as it was, without a rule. Throws
// Error.
std::vector<trim::Report> report(const Session& session, const ReportOptions& options);

}  // namespace gopack::workflow
