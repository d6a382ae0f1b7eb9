#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <set>

#include "commands/commands.hpp"
#include "gopack/workflow/collect.hpp"
#include "gopack/workflow/inventory.hpp"
#include "hooks.hpp"
#include "render/table.hpp"
#include "render/trees.hpp"

namespace gopack::app {

namespace {

Json collected_row(const store::Collected& one) {
  Json json{{"path", one.path},   {"bytes", one.bytes},         {"kind", "leftover"},
            {"release", nullptr}, {"platforms", Json::array()}, {"profile", nullptr}};
  if (one.tree) {
    json["kind"] = "tree";
    json["release"] = one.tree->manifest.release;
    json["platforms"] = one.tree->manifest.platforms;
    json["profile"] = one.tree->manifest.profile;
  }
  if (one.archive) {
    json["kind"] = "download";
    json["release"] = one.archive->version.name();
    json["platforms"] = {one.archive->platform.text()};
  }
  return json;
}

// "3 items removed, 12.3 MB freed"
std::string freed_line(std::size_t count, std::uint64_t bytes, bool dry_run) {
  if (count == 0) return "Nothing to remove.\n";
  return dry_run ? fmt::format("{} would be removed, {} freed. Nothing has changed.\n",
                               count_of(count, "item"), human_bytes(bytes))
                 : fmt::format("{} removed, {} freed.\n", count_of(count, "item"), human_bytes(bytes));
}

// "; 139.3 MB stay, as other trees or bundles share them"
std::string what_stays(std::uint64_t bytes, std::uint64_t freed) {
  if (freed >= bytes) return "";
  return fmt::format("; {} stay, as other trees or bundles share them", human_bytes(bytes - freed));
}

// Whether there are archives that only the removed trees were made from.
bool leave_archives(const workflow::Session& session, const workflow::Removed& removed) {
  std::set<std::string> files;
  for (const auto& leaving : removed.trees) {
    if (!leaving.tree) continue;
    for (const auto& origin : leaving.tree->manifest.origins) files.insert(origin.file);
  }
  SilentReporter silent;
  const auto left = workflow::take_inventory(session.store, {}, workflow::Measure::nothing, {silent});
  return std::any_of(left.downloads.begin(), left.downloads.end(), [&](const workflow::Download& download) {
    return download.trees.empty() && files.contains(download.archive.file);
  });
}

int run_gc(Program& program, const store::CollectOptions& options) {
  Json removed = Json::array();
  Table table({Table::Align::left, Table::Align::left, Table::Align::right});
  std::uint64_t bytes = 0;
  for (const auto& one : workflow::collect_garbage(program.session(Access::write), options)) {
    removed.push_back(collected_row(one));
    const auto kind = removed.back()["kind"].get<std::string>();
    table.add({kind, one.tree ? name_of(*one.tree) : one.path, human_bytes(one.bytes)});
    bytes += one.bytes;
  }
  const auto text = table.text() + freed_line(removed.size(), bytes, options.dry_run);
  const Json document{{"dry_run", options.dry_run}, {"removed", removed}, {"bytes", bytes}};
  options.dry_run ? program.print(text, document) : program.print_outcome(text, document);
  return 0;
}

int run_remove(Program& program, workflow::RemoveOptions options) {
  const auto session = program.session(Access::write);
  if (!options.dry_run && has_hook(program) && workflow::would_switch(session, options))
    options.change.post_switch = allowed_hook(program);
  const auto removed = workflow::remove_trees(session, options);
  Json ids = Json::array();
  std::string text;
  std::uint64_t bytes = 0;
  for (const auto& [id, tree, size] : removed.trees) {
    ids.push_back(id.text());
    text += fmt::format("{}: {}{}\n", tree ? describe(*tree) : id.text(), human_bytes(size),
                        tree ? what_stays(tree->manifest.bytes(), size) : "");
    bytes += size;
  }
  if (removed.successor) {
    text += fmt::format("{} {} in its place\n", describe(*removed.successor),
                        options.dry_run ? "would be current" : "is current");
  }
  text += freed_line(ids.size(), bytes, options.dry_run);
  if (!options.dry_run && leave_archives(session, removed)) {
    text += fmt::format("Next: {} drops the archives that no tree is made from any more.\n",
                        session.store.command("gc --downloads"));
  }
  const auto current =
      removed.successor ? std::optional(removed.successor->id) : session.store.pointer().current();
  const Json document{{"dry_run", options.dry_run},
                      {"removed", ids},
                      {"bytes", bytes},
                      {"current", current ? Json(current->text()) : Json()}};
  options.dry_run ? program.print(text, document) : program.print_outcome(text, document);
  return 0;
}

}  // namespace

void add_gc(Command root) {
  auto command = root.add_command("gc", "Drop what nothing refers to");
  auto options = std::make_shared<store::CollectOptions>();
  command.add_flag("--dry-run", options->dry_run, "only show what would go");
  command.add_flag("--downloads", options->downloads, "archives that no tree was made from go as well");
  command.add_option("--trees-except", options->trees_except,
                     "other trees than these go as well, but for the current one and that of rollback");
  command.set_help({.group = Group::care,
                    .examples = {"gopack gc --dry-run", "gopack gc --downloads --trees-except latest"},
                    .statuses = {{5}}});
  command.set_run([options](Program& program) { return run_gc(program, *options); });
}

void add_remove(Command root) {
  auto command = root.add_command("remove", "Take trees out of the store");
  auto options = std::make_shared<workflow::RemoveOptions>();
  command.add_option("selector", options->selectors, "which trees", Occurrence::required);
  command.add_flag("--dry-run", options->dry_run, "only show what would go");
  command.add_flag("--all", options->all, "every tree that a selector chooses, where it chooses several");
  command.add_flag("--force", options->force, "the last tree as well");
  command.set_help({.group = Group::care,
                    .examples = {"gopack remove 1.25 --dry-run", "gopack remove 1.26+minimal"},
                    .statuses = {{4}, {5}}});
  command.set_run([options](Program& program) { return run_remove(program, *options); });
}

}  // namespace gopack::app
