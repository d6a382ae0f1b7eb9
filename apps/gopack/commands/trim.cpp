#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "commands/commands.hpp"
#include "gopack/base/error.hpp"
#include "gopack/store/trees.hpp"
#include "gopack/workflow/prove.hpp"
#include "gopack/workflow/trim.hpp"
#include "render/proofs.hpp"
#include "render/report_file.hpp"
#include "render/table.hpp"
#include "render/trees.hpp"

namespace gopack::app {

namespace {

struct TrimArguments {
  workflow::TrimOptions trim;
  bool prove = false;
  std::string explain;
  std::string report;
};

const char* word(trim::Action action) {
  return action == trim::Action::keep ? "keep" : "drop";
}

struct Sum {
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
};

Sum sum_of(const std::vector<trim::TableRow>& rows, trim::Action action) {
  Sum sum;
  for (const auto& row : rows) {
    if (row.action != action) continue;
    sum.files += row.files;
    sum.bytes += row.bytes;
  }
  return sum;
}

Json rows_to_json(const std::vector<trim::TableRow>& rows, trim::Action action) {
  Json json = Json::array();
  for (const auto& row : rows) {
    if (row.action != action) continue;
    json.push_back(
        {{"category", row.category}, {"files", row.files}, {"bytes", row.bytes}, {"reason", row.reason}});
  }
  return json;
}

Json tree_row(const workflow::Session& session, const workflow::Trimmed& trimmed, bool dry_run) {
  using enum trim::Action;
  auto json = to_json(session.store, trimmed.tree);
  if (dry_run) {
    json["id"] = nullptr;
    json["path"] = nullptr;
    json["files"] = sum_of(trimmed.table, keep).files;
    json["bytes"] = sum_of(trimmed.table, keep).bytes;
  }
  json["was_there"] = trimmed.was_there;
  json["asked_profile"] = trimmed.asked_profile.empty() ? Json() : Json(trimmed.asked_profile);
  json["supersedes"] = Json::array();
  for (const auto& tree : trimmed.superseded) json["supersedes"].push_back(tree.id.text());
  json["superseded_by"] = Json::array();
  for (const auto& tree : trimmed.superseded_by) json["superseded_by"].push_back(tree.id.text());
  json["on_disk"] = Json::array();
  for (const auto& [cluster, bytes] : trimmed.on_disk)
    json["on_disk"].push_back({{"cluster", cluster}, {"bytes", bytes}});
  json["kept"] = rows_to_json(trimmed.table, keep);
  json["dropped"] = rows_to_json(trimmed.table, drop);
  return json;
}

std::string on_disk_line(const workflow::Trimmed& trimmed) {
  std::string text = "on disk:";
  for (const auto& [cluster, bytes] : trimmed.on_disk)
    text +=
        fmt::format("{} {} with clusters of {} KiB", &cluster == &trimmed.on_disk.front().cluster ? "" : ",",
                    human_bytes(bytes), cluster >> 10);
  return text + "\n";
}

// Other trees of the store that make one of the two needless.
std::string superseding_lines(const store::Store& store, const workflow::Trimmed& trimmed) {
  std::string text;
  for (const auto& tree : trimmed.superseded) {
    text +=
        fmt::format("it takes the place of {}, which is for {} alone: {} takes that out\n", tree.id.text(),
                    fmt::join(tree.manifest.platforms, ", "), store.command("remove " + tree.id.text()));
  }
  for (const auto& tree : trimmed.superseded_by) {
    text += fmt::format("{} does the same for {}, and takes its place: only the name {} chooses it\n",
                        tree.id.text(), fmt::join(tree.manifest.platforms, ", "), trimmed.tree.id.text());
  }
  return text;
}

// Where the tree was made by another profile before.
std::string same_files_line(const workflow::Trimmed& trimmed) {
  if (trimmed.asked_profile.empty()) return {};
  const auto& manifest = trimmed.tree.manifest;
  return fmt::format("{} gives the same files as {} ({}): choose it as {}+{}\n", trimmed.asked_profile,
                     manifest.profile, trimmed.tree.id.text(), manifest.release.substr(2), manifest.profile);
}

std::string kept_and_dropped(const workflow::Trimmed& trimmed) {
  using enum Table::Align;
  Table table({left, left, right, right, left});
  for (const auto& row : trimmed.table) {
    table.add(
        {word(row.action), row.category, std::to_string(row.files), human_bytes(row.bytes), row.reason});
  }
  return table.text();
}

// The table only of what is new: it is known of a tree that is there.
std::string to_text(const store::Store& store, const workflow::Trimmed& trimmed, bool dry_run) {
  const auto kept = sum_of(trimmed.table, trim::Action::keep);
  const auto dropped = sum_of(trimmed.table, trim::Action::drop);
  const auto whole = kept.bytes + dropped.bytes;
  const auto& manifest = trimmed.tree.manifest;
  const auto name = dry_run ? std::string("nothing written")
                            : trimmed.tree.id.text() + (trimmed.was_there ? ", already there" : "");
  auto text = trimmed.was_there ? "" : kept_and_dropped(trimmed);
  text += fmt::format("{} {}: {} of {} kept in {} ({}% smaller), {}\n", manifest.release, manifest.profile,
                      human_bytes(kept.bytes), human_bytes(whole), count_of(kept.files, "file"),
                      whole == 0 ? 0 : dropped.bytes * 100 / whole, name);
  if (!trimmed.was_there) text += on_disk_line(trimmed);
  return text + same_files_line(trimmed) + superseding_lines(store, trimmed) + "\n";
}

// What the store starts now, and how to have it start something else.
std::string current_line(const store::Store& store, const std::optional<tree::StoreId>& before,
                         const std::vector<store::Tree>& trees) {
  const auto current = store.pointer().current();
  if (!current || !store.trees().is_complete(*current)) return {};
  const auto manifest = store.trees().find_manifest(*current);
  auto line = manifest ? describe({*current, *manifest}) : current->text();
  if (before != current) return line + " is current\n";
  const bool is_among =
      std::any_of(trees.begin(), trees.end(), [&](const auto& tree) { return tree.id == *current; });
  line += " stays current";
  if (!is_among)
    line += fmt::format(": {} chooses {}", store.command("use " + trees.back().id.text()),
                        describe(trees.back()));
  return line + "\n";
}

int run_trim(Program& program, const TrimArguments& options) {
  const auto session = program.session(Access::write);
  const bool dry_run = options.trim.dry_run;
  std::optional<ReportFile> report;
  if (options.trim.report) report.emplace(options.report);
  const auto before = session.store.pointer().current();
  std::vector<trim::Report> reports;
  std::vector<store::Tree> laid_out;
  Json trees = Json::array();
  std::string text;
  bool holds = true;
  for (const auto& trimmed : workflow::trim(session, options.trim)) {
    if (trimmed.report) reports.push_back(*trimmed.report);
    laid_out.push_back(trimmed.tree);
    trees.push_back(tree_row(session, trimmed, dry_run));
    text += to_text(session.store, trimmed, dry_run);
    trees.back()["proof"] = nullptr;
    if (!options.prove || dry_run) continue;
    const auto proved =
        workflow::prove(session, {.tree = trimmed.tree.id.text(), .against = "full", .targets = {}});
    trees.back()["proof"] = to_json(session.store, proved)["checks"];
    text += proof_text(proved, false) + "\n";
    holds = holds && proved.proof.holds();
  }
  if (!dry_run && !laid_out.empty()) text += current_line(session.store, before, laid_out);
  Json document{{"dry_run", dry_run}, {"trees", trees}, {"report", nullptr}};
  if (report) document["report"] = report->write(reports);
  dry_run ? program.print(text, document) : program.print_outcome(text, document);
  return holds ? 0 : static_cast<int>(ErrorKind::integrity);
}

int run_explain(Program& program, const workflow::TrimOptions& options, const std::string& path) {
  Json json = Json::array();
  std::string text;
  for (const auto& one : workflow::explain(program.session(Access::write), options, path)) {
    json.push_back({{"release", one.release},
                    {"path", path},
                    {"action", word(one.action)},
                    {"rule", one.rule},
                    {"location", one.location},
                    {"category", one.category},
                    {"capabilities", one.capabilities},
                    {"reason", one.reason}});
    auto why = one.category;
    if (!one.location.empty()) why += fmt::format(", {} \"{}\"", one.location, one.rule);
    if (!one.capabilities.empty())
      why += fmt::format(", {} {}", one.action == trim::Action::keep ? "for" : "only for", one.capabilities);
    text += fmt::format("{}: {} {}: {} ({})\n", one.release, word(one.action), path, one.reason, why);
  }
  program.print(text, {{"explanations", json}});
  return 0;
}

}  // namespace

void add_trim(Command root) {
  auto command = root.add_command("trim", "Lay fetched releases out as trimmed trees");
  auto options = std::make_shared<TrimArguments>();
  command.add_option("selector", options->trim.selectors, "which fetched releases; none: all of them");
  command.add_setting("--profile", "profile",
                      "minimal, developer, …, a YAML file; minimal+race adds a capability");
  command.add_option("-p,--platform", options->trim.platforms,
                     "which fetched platforms; none: all, in one tree a release");
  command.add_option("--targets", options->trim.targets,
                     "what to build for, instead of the profile's targets: host, all, GOOS/GOARCH");
  command.add_flag("--strip", options->trim.strip,
                   "take the symbol tables out of Go's own programs (those of Linux and other ELF systems)");
  command.add_flag("--prove", options->prove, "prove each tree at once, as `gopack prove` does");
  command.add_flag("--dry-run", options->trim.dry_run, "only show what would be kept and dropped");
  command.add_option("--explain", options->explain,
                     "name the rule that decides about this path, and do nothing else");
  command.add_option("--report", options->report,
                     "write an HTML page that shows what was kept and dropped, and why");
  command.set_help({.group = Group::everyday,
                    .examples = {"gopack trim 1.26 --profile minimal+race",
                                 "gopack trim --dry-run --explain src/net/http/server.go"},
                    .statuses = {{3}, {4}, {5}, {6}, {7}}});
  command.set_run([options](Program& program) {
    options->trim.profile = program.settings().find("profile").value_or("");
    options->trim.report = !options->report.empty();
    return options->explain.empty() ? run_trim(program, *options)
                                    : run_explain(program, options->trim, options->explain);
  });
}

}  // namespace gopack::app
