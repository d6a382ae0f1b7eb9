// The stage that keeps or drops: a TreeSink between an archive and a staged tree.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "gopack/release/platform.hpp"
#include "gopack/tree/tree_sink.hpp"
#include "gopack/trim/profile.hpp"

namespace gopack::trim {

// A row of the keep/drop table: one category of one action.
struct TableRow {
  Action action = Action::keep;
  std::string category;  // "sdk" for files that no rule matches
  std::string reason;    // of the category's first deciding rule
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
};

// What the kept files occupy on a filesystem with such clusters: where sticks hurt.
struct DiskSize {
  std::uint64_t cluster = 0;  // bytes
  std::uint64_t bytes = 0;
};

// Passes kept entries on and leaves dropped ones unread. A rule that would take away what makes an SDK an
// SDK, or what a capability needs that the profile declares, is refused: Error (usage) with the rule's
// location. The essential files: VERSION, go.env, the go command in bin/ (or bin/<os>_<arch>/),
// pkg/tool/*/{compile,link,asm} (with .exe), and of the standard library (src/** outside src/cmd, testdata,
// _test.go and directories that begin with "_") the .go, .s and .h files that are not bound to a system
// (GOOS/GOARCH suffix) or release (vendored Unicode tables). A path that comes again (several platforms of a
// release share most files) counts once in the table.
class Filter final : public tree::TreeSink {
 public:
  // `targets`: sources of the standard library that none of them can compile are dropped, too.
  Filter(const Profile& profile, std::optional<BuildTargets> targets, tree::TreeSink& downstream);
  // From now on the programs that are kept are stripped (strip.hpp); what that saves is a row of the table.
  void strip_programs() { strips_ = true; }
  void add(const tree::Entry& entry, ByteSource& content) override;
  // Called with the path and the rule that decided, null when none did, for each file that comes (once a
  // path).
  void on_decision(std::function<void(const tree::Entry&, const Rule*)> observer) {
    observer_ = std::move(observer);
  }
  // Kept rows first, larger ones first within each action.
  std::vector<TableRow> table() const;
  // Rules of the user's own files that have matched no path so far.
  const std::vector<const Rule*>& unmatched_rules() const { return unmatched_; }
  // Targets for which the release does not build by its own list, if it has one (from Go 1.21 on) and it has
  // come by.
  std::vector<release::Platform> targets_without_port() const;
  // With clusters of 4, 32 and 128 KiB: ext4 and NTFS, exFAT up to 32 GB, exFAT beyond.
  const std::vector<DiskSize>& on_disk() const { return on_disk_; }

 private:
  const Rule* decide(const std::string& path) const;
  void add_source(const tree::Entry& entry, ByteSource& content, const Rule* rule);
  void add_program(const tree::Entry& entry, ByteSource& content, const Rule* rule);
  TableRow& row_of(const Rule* rule);
  void count(const tree::Entry& entry, const Rule* rule);

  const Profile& profile_;
  std::optional<BuildTargets> targets_;
  std::optional<Rule> unbuildable_;  // stands for the targets in tables and reports
  tree::TreeSink& downstream_;
  bool strips_ = false;
  std::vector<const Rule*> unmatched_;
  std::set<release::Platform> ports_;  // of the release; none: not known
  std::unordered_set<std::string> counted_;
  std::map<std::pair<Action, std::string>, TableRow> rows_;
  std::map<const Rule*, TableRow*> row_of_rule_;
  std::vector<DiskSize> on_disk_{{4 << 10, 0}, {32 << 10, 0}, {128 << 10, 0}};
  std::function<void(const tree::Entry&, const Rule*)> observer_;
};

// Whether Filter looks into the file; and the part of its first BuildTargets::kHeadBytes that it looks at,
// which may stand in for the file (tree::Entry::head).
bool looks_into(std::string_view path);
std::string_view part_looked_at(std::string_view path, std::string_view first_bytes);

// Whether the file is one of those that no profile may drop.
bool is_essential(std::string_view path);

}  // namespace gopack::trim
