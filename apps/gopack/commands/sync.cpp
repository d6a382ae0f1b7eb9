#include "gopack/workflow/sync.hpp"

#include <fmt/format.h>

#include <memory>

#include "commands/commands.hpp"
#include "gopack/base/error.hpp"
#include "gopack/base/user_directories.hpp"
#include "render/bundled.hpp"
#include "render/trees.hpp"

namespace gopack::app {

namespace {

struct SyncArguments {
  workflow::SyncOptions sync;
  std::string from;
  std::string to;
};

std::string synced_text(const workflow::SyncOptions& options, const workflow::Synced& synced) {
  const auto text_of = [&](bool was_there) {
    return was_there ? "already there" : options.dry_run ? "to be copied" : "copied";
  };
  std::string text;
  for (const auto& [tree, was_there] : synced.trees)
    text += fmt::format("{}: {}\n", describe(tree), text_of(was_there));
  for (const auto& tree : synced.removed)
    text += fmt::format("{}: {}\n", describe(tree), options.dry_run ? "to be removed" : "removed");
  if (options.dry_run) return text;
  text += counts_line(options.to, synced.counts, synced.switched);
  if (synced.flushed) text += "All data written and new files read back.\n";
  if (synced.current) text += fmt::format("{} is current there\n", synced.current->text());
  return text;
}

Json synced_json(const workflow::SyncOptions& options, const workflow::Synced& synced) {
  Json trees = Json::array();
  for (const auto& [tree, was_there] : synced.trees) {
    auto row = identity(tree);
    row["was_there"] = was_there;
    trees.push_back(row);
  }
  Json removed = Json::array();
  for (const auto& tree : synced.removed) removed.push_back(tree.id.text());
  return {{"to", options.to.string()},
          {"dry_run", options.dry_run},
          {"trees", trees},
          {"removed_trees", removed},
          {"switched", synced.switched},
          {"current", synced.current ? Json(synced.current->text()) : Json(nullptr)},
          {"copied", synced.counts.copied},
          {"shared", synced.counts.shared},
          {"unchanged", synced.counts.unchanged},
          {"removed", synced.counts.removed},
          {"bytes", synced.counts.bytes},
          {"flushed", synced.flushed}};
}

int run(Program& program, const SyncArguments& arguments) {
  auto options = arguments.sync;
  options.to = user_path(arguments.to);
  const auto from = user_path(arguments.from);
  if (!store::Store::is_at(from)) {
    throw Error(ErrorKind::failed, fmt::format("cannot sync from {}: there is no store", printable(from)))
        .with_hint("name the directory of a store or bundle");
  }
  const auto synced = workflow::sync(program.session_on(from, Access::read), options);
  const auto text = synced_text(options, synced);
  options.dry_run ? program.print(text, synced_json(options, synced))
                  : program.print_outcome(text, synced_json(options, synced));
  return 0;
}

}  // namespace

void add_sync(Command root) {
  auto command = root.add_command("sync", "Bring the trees of one store or bundle into another one");
  auto arguments = std::make_shared<SyncArguments>();
  command.add_option("from", arguments->from, "the store or bundle that has the trees", Occurrence::required);
  command.add_option("to", arguments->to, "the directory of the other one, which may be new",
                     Occurrence::required);
  command.add_option("selector", arguments->sync.selectors, "which trees; none: all of them");
  command.add_flag("--delete", arguments->sync.delete_others, "leave no tree there that is not chosen");
  command.add_flag("--use", arguments->sync.use, "make current there what is current here");
  command.add_flag("--dry-run", arguments->sync.dry_run, "only show what would be done");
  command.set_help({.group = Group::distribution,
                    .examples = {"gopack sync /media/you/STICK ~/go-store",
                                 "gopack sync /srv/golden /mnt/share/go 1.26 --delete --use"},
                    .statuses = {{3}, {4}, {5}, {7}}});
  command.set_run([arguments](Program& program) { return run(program, *arguments); });
}

}  // namespace gopack::app
