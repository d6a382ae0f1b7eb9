// trim: verified archives into published trees, in one streaming pass.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gopack/store/catalog.hpp"
#include "gopack/trim/filter.hpp"
#include "gopack/trim/report.hpp"
#include "gopack/workflow/session.hpp"

namespace gopack::workflow {

struct TrimOptions {
  std::vector<std::string> selectors;    // none: every fetched release
  std::vector<std::string> platforms;    // none: every fetched platform
  std::vector<store::Archive> archives;  // where there are some: exactly these, instead of what both choose
  std::string profile;                   // a built-in name or a file, "+" capabilities
  std::vector<std::string> targets;      // instead of the profile's: host, all, GOOS/GOARCH
  bool strip = false;                    // Go's own programs without symbol tables
  bool dry_run = false;                  // tell what would be kept and dropped; write nothing
  bool report = false;                   // collect what a report shows
};

// One release laid out (or, in a dry run, what it would be).
struct Trimmed {
  Tree tree;  // in a dry run the id is that of an empty tree and files are not listed
  std::vector<trim::TableRow> table;
  std::vector<trim::DiskSize> on_disk;
  bool was_there = false;              // the same tree was in the store already
  std::string asked_profile;           // if the tree has the name of another one, which made it first
  std::vector<Tree> superseded;        // trees of the store that it does the work of; without their files
  std::vector<Tree> superseded_by;     // trees of the store that do its work, and more; likewise
  std::optional<trim::Report> report;  // if asked for; without an id after a dry run
};

// Takes the store's lock. Archives are proved against their records first and read from the same descriptor.
// Rules of the user's own profile that match no file of any of the releases, and targets that one of them
// does not build for, are warned of. Where no tree is current the newest one becomes it, of those that run
// here if there are any, or the tree that store::supersedes it; one that store::supersedes the current tree
// takes its place. Sorted by release. Throws Error.
std::vector<Trimmed> trim(const Session& session, const TrimOptions& options);

// What a profile says and the one fetched release that `selector` means does not have, each a line for
// people. Throws Error.
std::vector<std::string> find_mismatches(const Session& session, const std::string& profile,
                                         const std::string& selector);

// The rule that decides what becomes of one path.
struct Explanation {
  std::string release;
  trim::Action action = trim::Action::keep;
  std::string rule;      // pattern; empty when no rule matches
  std::string location;  // "minimal.yaml:12"; empty when the targets decide
  std::string category;
  std::string capabilities;  // that keep it or, when it is dropped, that would
  std::string reason;
};
// One for each release that the options choose and that has the path.
std::vector<Explanation> explain(const Session& session, const TrimOptions& options, const std::string& path);

}  // namespace gopack::workflow
