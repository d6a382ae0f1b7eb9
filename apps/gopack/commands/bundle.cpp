#include <memory>

#include "commands/commands.hpp"
#include "commands/content.hpp"
#include "gopack/base/user_directories.hpp"
#include "gopack/workflow/bundle.hpp"
#include "render/bundled.hpp"

namespace gopack::app {

namespace {

// What the command line says, before it is understood.
struct BundleArguments {
  ContentArguments content;
  std::string target;
  bool delete_others = false;
};

int run(Program& program, const BundleArguments& arguments) {
  workflow::BundleOptions options;
  read_content(arguments.content, options);
  options.target = user_path(arguments.target);
  options.delete_others = arguments.delete_others;
  const auto bundled = workflow::bundle(program.session(Access::write), options);
  program.print_outcome(app::to_text(options, bundled), to_json(options, bundled));
  return 0;
}

}  // namespace

void add_bundle(Command root) {
  auto command = root.add_command("bundle", "Put trees with launchers on a stick, share or folder");
  auto arguments = std::make_shared<BundleArguments>();
  command.add_option("--target", arguments->target, "the stick, share or folder", Occurrence::required);
  add_content(command, arguments->content);
  command.add_flag("--delete", arguments->delete_others, "leave no tree in the target that is not chosen");
  command.set_help(
      {.group = Group::everyday,
       .examples = {"gopack bundle --target /media/you/STICK",
                    "gopack bundle 1.26 --modules app/go.mod --warm std --target /media/you/STICK"},
       .statuses = {{3}, {4}, {5}, {7}}});
  command.set_run([arguments](Program& program) { return run(program, *arguments); });
}

}  // namespace gopack::app
