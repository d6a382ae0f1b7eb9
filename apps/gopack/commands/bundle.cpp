#include <memory>

#include "commands/commands.hpp"
#include "gopack/base/user_directories.hpp"
#include "gopack/workflow/bundle.hpp"
#include "installed_programs.hpp"
#include "render/bundled.hpp"

namespace gopack::app {

namespace {

int run(Program& program, const workflow::BundleOptions& options) {
  const auto bundled = workflow::bundle(program.session(Access::write), options);
  program.print_outcome(app::to_text(options, bundled), to_json(options, bundled));
  return 0;
}

}  // namespace

void add_bundle(Command root) {
  auto command = root.add_command("bundle", "Put trees with launchers on a stick, share or folder");
  auto options = std::make_shared<workflow::BundleOptions>();
  auto target = std::make_shared<std::string>();
  auto modules = std::make_shared<std::vector<std::string>>();
  auto go_env = std::make_shared<std::vector<std::string>>();
  auto with_gopack = std::make_shared<bool>(false);
  command.add_option("selector", options->selectors, "which laid-out releases; none: all of them");
  command.add_option("--target", *target, "the stick, share or folder", Occurrence::required);
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
  command.add_flag("--with-gopack", *with_gopack,
                   "put gopack itself beside the launchers, for each system that it is installed for");
  command.add_flag("--delete", options->delete_others, "leave no tree in the target that is not chosen");
  command.set_help(
      {.group = Group::everyday,
       .examples = {"gopack bundle --target /media/you/STICK",
                    "gopack bundle 1.26 --modules app/go.mod --warm std --target /media/you/STICK"},
       .statuses = {{3}, {4}, {5}, {7}}});
  command.set_run([options, target, modules, go_env, with_gopack](Program& program) {
    options->target = user_path(*target);
    options->modules.assign(modules->begin(), modules->end());
    for (const auto& word : *go_env) options->go_env.push_back(bundle::parse_go_setting(word));
    if (*with_gopack) options->programs = installed_programs();
    return run(program, *options);
  });
}

}  // namespace gopack::app
