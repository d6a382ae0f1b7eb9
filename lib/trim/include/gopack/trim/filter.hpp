// The stage that keeps or drops: a TreeSink between an archive and a staged tree.
#pragma once

#include <cstdint>
#include <map>
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

// Passes kept entries on and leaves dropped ones unread. A rule that would take away what makes an SDK an
// SDK is refused: Error (usage) with the rule's location. The essential files: VERSION, go.env, the go
// command in bin/ (or bin/<os>_<arch>/), pkg/tool/*/{compile,link,asm} (with .exe), and of the standard
// library (src/** outside src/cmd, testdata, _test.go and directories that begin with "_") the .go, .s
// and .h files that are not bound to a system (GOOS/GOARCH suffix) or release (vendored Unicode tables). A
// path that comes again (several platforms of a release share most files) counts once in the table.
class Filter final : public tree::TreeSink {
 public:
  Filter(const Profile& profile, tree::TreeSink& downstream) : profile_(profile), downstream_(downstream) {}
  void add(const tree::Entry& entry, ByteSource& content) override;
  // Kept rows first, larger ones first within each action.
  std::vector<TableRow> table() const;

 private:
  void count(const tree::Entry& entry, Action action, const Rule* rule);

  const Profile& profile_;
  tree::TreeSink& downstream_;
  std::unordered_set<std::string> counted_;
  std::map<std::pair<Action, std::string>, TableRow> rows_;
};

// Whether the file is one of those that no profile may drop.
bool is_essential(std::string_view path);

}  // namespace gopack::trim
