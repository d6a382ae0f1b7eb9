#include <fmt/format.h>

#include "commands/commands.hpp"
#include "gopack/base/error.hpp"
#include "hooks.hpp"

namespace gopack::app {

namespace {

int run(Program& program) {
  const auto& hook = program.settings().project_hook();
  if (!hook) {
    throw Error(ErrorKind::usage, "there is no hook to allow: no gopack.yaml here or above has one")
        .with_hint("run it in the project's directory");
  }
  allow(*hook);
  program.print(
      fmt::format("allowed until {} changes: {}\n", printable(hook->file), printable(hook->command)),
      {{"file", hook->file.string()}, {"command", hook->command}});
  return 0;
}

}  // namespace

void add_allow(Command root) {
  auto command =
      root.add_command("allow", "Let the hook of the project's gopack.yaml run until the file changes");
  command.set_help(
      {.group = Group::settings, .examples = {"gopack allow", "gopack allow && gopack use 1.26"}});
  command.set_run([](Program& program) { return run(program); });
}

}  // namespace gopack::app
