#include "gopack/trim/filter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "build_constraint.hpp"
#include "gopack/base/error.hpp"
#include "gopack/trim/build_targets.hpp"
#include "gopack/trim/strip.hpp"
#include "headed_source.hpp"

namespace gopack::trim {

namespace {

constexpr std::string_view kUnmatched = "sdk";

std::string_view last_part(std::string_view text, char separator) {
  return text.substr(text.rfind(separator) + 1);  // npos + 1 is 0: the whole text
}

// Directories that no package of the standard library lies in: the go command skips them.
bool is_outside_packages(std::string_view path) {
  return path.starts_with("src/cmd/") || path.find("/testdata/") != std::string_view::npos ||
         path.find("/_") != std::string_view::npos;
}

// The Unicode tables of src/vendor lie side by side in one version for each range of Go versions; a release
// compiles one of them (src/vendor/golang.org/x/text/unicode/norm/tables13.0.0.go).
bool is_for_some_releases(std::string_view path) {
  return path.starts_with("src/vendor/") && last_part(path, '/').starts_with("tables");
}

bool is_essential_source(std::string_view path) {
  if (!path.starts_with("src/") || is_outside_packages(path)) return false;
  const auto name = last_part(path, '/');
  const auto extension = last_part(name, '.');
  if (extension != "go" && extension != "s" && extension != "h") return false;
  return !name.ends_with("_test.go") && !is_bound_by_name(name) && !is_for_some_releases(path);
}

// Where a release lists the platforms that it builds for, as {"linux", "amd64"}.
constexpr std::string_view kPortList = "src/internal/platform/zosarch.go";

std::set<release::Platform> read_ports(std::string_view text) {
  std::set<release::Platform> ports;
  for (auto at = text.find("{\""); at != std::string_view::npos; at = text.find("{\"", at + 1)) {
    const auto end = text.find("\"}", at);
    const auto pair =
        text.substr(at + 2, end == std::string_view::npos ? 0 : end - at - 2);  // linux", "amd64
    constexpr std::string_view kBetween = "\", \"";
    const auto between = pair.find(kBetween);
    if (between == std::string_view::npos) continue;
    ports.insert({std::string(pair.substr(0, between)), std::string(pair.substr(between + kBetween.size()))});
  }
  return ports;
}

// The lines of a head that are whole: the start of one may say something else.
std::string_view whole_lines(std::string_view head) {
  return head.size() < BuildTargets::kHeadBytes ? head : head.substr(0, head.rfind('\n') + 1);
}

std::string_view without_exe(std::string_view name) {
  return name.ends_with(".exe") ? name.substr(0, name.size() - 4) : name;
}

bool is_essential_program(std::string_view path) {
  const auto name = without_exe(last_part(path, '/'));
  const auto depth = std::count(path.begin(), path.end(), '/');
  if (path.starts_with("bin/")) return name == "go" && depth <= 2;
  const bool is_tool = path.starts_with("pkg/tool/") && depth == 3;
  return is_tool && (name == "compile" || name == "link" || name == "asm");
}

}  // namespace

bool is_essential(std::string_view path) {
  return path == "VERSION" || path == "go.env" || is_essential_program(path) || is_essential_source(path);
}

bool looks_into(std::string_view path) {
  return BuildTargets::applies_to(path) && BuildTargets::needs_head(path);
}

std::string_view part_looked_at(std::string_view path, std::string_view first_bytes) {
  const auto lines = whole_lines(first_bytes);
  return path == kPortList ? lines : constraint_part(lines);
}

Filter::Filter(const Profile& profile, std::optional<BuildTargets> targets, tree::TreeSink& downstream)
    : profile_(profile), targets_(std::move(targets)), downstream_(downstream) {
  for (const auto& rule : profile.own_rules()) unmatched_.push_back(&rule);
  if (!targets_) return;
  unbuildable_ = Rule{.action = Action::drop,
                      .pattern = Glob("src/"),
                      .category = "other systems",
                      .reason = targets_->targets().empty()
                                    ? "no build of this release compiles it"
                                    : fmt::format("no build for {} compiles it", targets_->text()),
                      .location = {},
                      .capabilities = {}};
}

// A profile's own rule must leave what every SDK and what its capabilities need.
const Rule* Filter::decide(const std::string& path) const {
  const auto* rule = profile_.decide(path);
  if (rule == nullptr || rule->action == Action::keep) return rule;
  if (profile_.is_need(*rule)) return rule;
  if (is_essential(path)) {
    throw Error(ErrorKind::usage, fmt::format("{}: this rule drops {}, which every Go SDK needs",
                                              rule->location.text(), printable(path)))
        .with_hint("make its pattern narrower, or add a rule after it that keeps the file");
  }
  const auto* need = profile_.need(path);
  if (need == nullptr || need->action == Action::drop) return rule;
  const auto capability = need->capabilities.substr(0, need->capabilities.find(','));
  const auto declared = profile_.declaration(capability);
  throw Error(ErrorKind::usage, fmt::format("{}: this rule drops {}, which the capability {}{} needs: {}",
                                            rule->location.text(), printable(path), capability,
                                            declared.empty() ? "" : " (" + declared + ")", need->reason))
      .with_hint("take the rule or the capability away");
}

void Filter::add(const tree::Entry& entry, ByteSource& content) {
  const std::string& path = entry.path.text();
  std::erase_if(unmatched_, [&](const Rule* own) { return own->pattern.matches(path); });
  const auto* rule = decide(path);
  const bool kept = rule == nullptr || rule->action == Action::keep;
  if (kept && targets_ && BuildTargets::applies_to(path)) return add_source(entry, content, rule);
  if (kept && strips_ && is_program(path)) return add_program(entry, content, rule);
  count(entry, rule);
  if (kept) downstream_.add(entry, content);
}

void Filter::add_program(const tree::Entry& entry, ByteSource& content, const Rule* rule) {
  StrippedSource stripped(entry, content);
  count(stripped.entry(), rule);
  const TableRow none{Action::drop, "symbols", "symbol tables and debugging data of Go's own programs"};
  rows_.try_emplace({none.action, none.category}, none).first->second.bytes += stripped.saved();
  downstream_.add(stripped.entry(), stripped);
}

void Filter::add_source(const tree::Entry& entry, ByteSource& content, const Rule* rule) {
  const std::string& path = entry.path.text();
  HeadedSource headed(content, !entry.head && looks_into(path) ? BuildTargets::kHeadBytes : 0);
  const auto head = entry.head ? *entry.head : whole_lines(headed.head());
  if (path == kPortList) ports_ = read_ports(head);
  // NOLINTBEGIN(bugprone-unchecked-optional-access): where there are targets, there is such a rule
  const bool can_compile = targets_->can_compile(path, head);
  count(entry, can_compile ? rule : &*unbuildable_);
  // NOLINTEND(bugprone-unchecked-optional-access)
  if (can_compile) downstream_.add(entry, headed);
}

void Filter::count(const tree::Entry& entry, const Rule* rule) {
  if (!counted_.insert(entry.path.text()).second) return;
  if (observer_) observer_(entry, rule);
  auto& row = row_of(rule);
  row.files += 1;
  row.bytes += entry.size;
  if (row.action == Action::drop) return;
  for (auto& [cluster, bytes] : on_disk_) bytes += (entry.size + cluster - 1) / cluster * cluster;
}

TableRow& Filter::row_of(const Rule* rule) {
  auto& row = row_of_rule_[rule];
  if (row == nullptr) {
    const auto first = rule != nullptr ? TableRow{rule->action, rule->category, rule->reason}
                                       : TableRow{Action::keep, std::string(kUnmatched), "no rule drops it"};
    row = &rows_.try_emplace({first.action, first.category}, first).first->second;
  }
  return *row;
}

std::vector<release::Platform> Filter::targets_without_port() const {
  auto targets = targets_ && !ports_.empty() ? targets_->targets() : std::vector<release::Platform>();
  std::erase_if(targets, [&](const auto& target) { return ports_.contains(target); });
  return targets;
}

std::vector<TableRow> Filter::table() const {
  std::vector<TableRow> table;
  for (const auto& [key, row] : rows_) table.push_back(row);
  std::stable_sort(table.begin(), table.end(), [](const TableRow& a, const TableRow& b) {
    return a.action != b.action ? a.action == Action::keep : a.bytes > b.bytes;
  });
  return table;
}

}  // namespace gopack::trim
