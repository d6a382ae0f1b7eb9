#include "commands/content.hpp"

#include "installed_programs.hpp"

namespace gopack::app {

void add_content(Command& command, ContentArguments& arguments) {
  auto& content = arguments.content;
  command.add_option("selector", content.selectors, "which laid-out releases; none: all of them");
  command.add_option("--profile", content.profile, "only trees of this profile");
  command.add_option("--current", content.current,
                     "which of them the bundle starts; none: the newest of those that selectors choose");
  command.add_option("--modules", arguments.modules,
                     "go.mod and go.work files: what these projects need is in the bundle, for work offline");
  command.add_option(
      "--warm", content.warm.packages,
      "compile these packages (std) into the bundle's build cache, for each platform of its trees");
  command.add_repeated("--warm-flags", content.warm.flags, "plain, trimpath, race (plain,trimpath)");
  command.add_option("--go-env", arguments.go_env,
                     "NAME=VALUE for the bundle's go.env, such as GOPRIVATE=git.example.com");
  command.add_flag("--with-gopack", arguments.with_gopack,
                   "put gopack itself beside the launchers, for each system that it is installed for");
}

void read_content(const ContentArguments& arguments, workflow::BundleContent& content) {
  content = arguments.content;
  content.modules.assign(arguments.modules.begin(), arguments.modules.end());
  for (const auto& word : arguments.go_env) content.go_env.push_back(bundle::parse_go_setting(word));
  if (arguments.with_gopack) content.programs = installed_programs();
}

}  // namespace gopack::app
