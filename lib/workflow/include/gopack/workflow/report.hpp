// report: what of its release a laid-out tree has and has not, and why.
#pragma once

#include <string>
#include <vector>

#include "gopack/trim/report.hpp"
#include "gopack/workflow/session.hpp"

namespace gopack::workflow {

struct ReportOptions {
  std::vector<std::string> trees;  // selectors or v_<hash>; none: all trees
  std::string profile;             // file of a profile that is not built in; for trees of its name
};

// One report a tree, from its manifest and the archives it was made from, which must be in downloads/ still;
// where no tree is named, those are left out, after a warning, whose archives are gone. A tree of a profile
// that is neither built in nor in the file that `options` name is reported by the capabilities and targets of
// its manifest. Where no rule tells why a file was kept or dropped, that it was is told. Throws Error, also
// (usage) where the file is of none of the trees' profiles.
std::vector<trim::Report> report(const Session& session, const ReportOptions& options);

}  // namespace gopack::workflow
