// The picture of trimmed releases: one HTML page that shows which files are kept and which are dropped, how
// much they are, and the rule that decided about each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "gopack/tree/tree_sink.hpp"
#include "gopack/trim/profile.hpp"

namespace gopack::trim {

// A rule as the page names it.
struct ReportRule {
  Action action = Action::keep;
  std::string rule;      // pattern; empty for files that no rule matches
  std::string location;  // "minimal.yaml:12"; may be empty
  std::string category;
  std::string reason;
  std::string capability;  // that keeps its files or, when it drops, that would ("cgo, race"); may be empty
};

struct ReportFile {
  std::string path;  // from the tree's root: "src/net/dial.go"
  std::uint64_t bytes = 0;
  std::size_t rule = 0;  // index into Report::rules
};

struct Report {
  std::string release;                 // "go1.26.8"
  std::vector<std::string> platforms;  // "linux/amd64"
  std::string profile;
  std::string id;  // of the tree: "v_…"; empty when none was written
  std::vector<ReportRule> rules;
  std::vector<ReportFile> files;  // of the whole release, in any order, each path once
};

// The page, UTF-8, which shows the first report, the others on demand. It stands alone (no network, no other
// files) and works from file://. Whatever bytes names and texts hold, they are shown as text; what is no
// UTF-8 appears as U+FFFD. A release of 15,000 files makes a page of about half a megabyte; the same report
// makes the same bytes, in whichever order its files are. Throws std::out_of_range when a file's rule is not
// among the rules.
std::string render_report(const std::vector<Report>& reports);

// Makes a Report of what a Filter decides (Filter::on_decision). Holds some 100 bytes a file.
class ReportCollector {
 public:
  // `head` says what is known beforehand; its rules and files are left out.
  explicit ReportCollector(Report head);
  // `rule`: null when none matches. The rule must live, at one address, as long as files are added.
  void add(const tree::Entry& entry, const Rule* rule);
  Report take() &&;

 private:
  Report report_;
  std::unordered_map<const Rule*, std::size_t> indices_;
};

}  // namespace gopack::trim
