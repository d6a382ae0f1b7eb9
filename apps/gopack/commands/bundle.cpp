#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>

#include "commands/commands.hpp"
#include "gopack/base/error.hpp"
#include "gopack/workflow/bundle.hpp"
#include "render/table.hpp"
#include "render/trees.hpp"

namespace gopack::app {

namespace {

// What whoever takes the bundle gets.
std::string start_line(const workflow::BundleOptions& options, const workflow::Bundled& bundled) {
  const auto& tree = bundled.current;
  auto line = fmt::format("{} starts {} for {}", printable(options.target), describe(tree),
                          fmt::join(tree.manifest.platforms, ", "));
  if (bundled.is_own_choice) line += ", as before: --current SELECTOR chooses another one";
  return line + "\n";
}

int run(Program& program, const workflow::BundleOptions& options) {
  const auto session = program.session(Access::write);
  const auto bundled = workflow::bundle(session, options);
  const auto target = store::Store::open(options.target);
  Json trees = Json::array();
  std::string text = tree_table(target, bundled.trees);
  for (const auto& tree : bundled.trees) trees.push_back(to_json(target, tree));
  if (bundled.copied == 0 && bundled.removed == 0) {
    text += fmt::format("{}: nothing to {}, {} unchanged\n", printable(options.target),
                        bundled.switched ? "copy" : "do", count_of(bundled.unchanged, "file"));
  } else {
    text += fmt::format("{}: {} copied ({}), {} unchanged, {} removed\n", printable(options.target),
                        count_of(bundled.copied, "file"), human_bytes(bundled.bytes), bundled.unchanged,
                        bundled.removed);
  }
  if (bundled.flushed) {
    text += fmt::format("everything is written, and what is new of the trees read back{}\n",
                        bundled.medium.is_removable || !bundled.medium.is_system ? ": safe to remove" : "");
  }
  if (!bundled.warmed.empty()) text += "the build cache knows:\n";
  for (const auto& line : bundled.warmed) text += "  " + line + "\n";
  text += start_line(options, bundled);
  program.print_outcome(text, {{"target", std::filesystem::absolute(options.target).string()},
                               {"current", bundled.current.id.text()},
                               {"starts", to_json(target, bundled.current)},
                               {"own_choice", bundled.is_own_choice},
                               {"switched", bundled.switched},
                               {"trees", trees},
                               {"copied", bundled.copied},
                               {"unchanged", bundled.unchanged},
                               {"removed", bundled.removed},
                               {"bytes", bundled.bytes},
                               {"flushed", bundled.flushed},
                               {"medium",
                                {{"device", bundled.medium.source},
                                 {"filesystem", bundled.medium.type},
                                 {"removable", bundled.medium.is_removable},
                                 {"system", bundled.medium.is_system}}},
                               {"warmed", bundled.warmed}});
  return 0;
}

}  // namespace

void add_bundle(Command root) {
  auto command = root.add_command("bundle", "Put trees with launchers on a stick, share or folder");
  auto options = std::make_shared<workflow::BundleOptions>();
  auto target = std::make_shared<std::string>();
  auto modules = std::make_shared<std::vector<std::string>>();
  auto go_env = std::make_shared<std::vector<std::string>>();
  command.add_option("selector", options->selectors, "which laid-out releases; none: all of them");
  command.add_option("--target", *target, "the stick, share or folder", Need::required);
  command.add_option("--profile", options->profile, "only trees of this profile");
  command.add_option("--current", options->current,
                     "which of them the target starts; none: the newest of those that selectors choose");
  command.add_option("--modules", *modules,
                     "go.mod and go.work files: what these projects need is in the bundle, for work offline");
  command.add_option(
      "--warm", options->warm,
      "compile these packages (std) into the bundle's build cache, for each platform of its trees");
  command.add_option("--warm-flags", options->warm_flags, "plain, trimpath, race (plain,trimpath)");
  command.add_option("--go-env", *go_env,
                     "NAME=VALUE for the bundle's go.env, such as GOPRIVATE=git.example.com");
  command.add_flag("--delete", options->delete_others, "leave no tree in the target that is not chosen");
  command.set_run([options, target, modules, go_env](Program& program) {
    options->target = *target;
    options->modules.assign(modules->begin(), modules->end());
    for (const auto& word : *go_env) options->go_env.push_back(bundle::parse_go_setting(word));
    return run(program, *options);
  });
}

}  // namespace gopack::app
