#include "gopack/workflow/devcontainer.hpp"

#include <fmt/format.h>

#include <memory>

#include "commands/commands.hpp"
#include "gopack/base/error.hpp"
#include "render/trees.hpp"

namespace gopack::app {

namespace {

int run(Program& program, const workflow::DevContainerOptions& options) {
  const auto written = workflow::write_devcontainer(options);
  program.print_outcome(
      fmt::format("{}: {}, {}{}\nNext: open {} in an editor that knows dev containers.\n",
                  printable(written.path), describe(written.tree), written.platform.text(),
                  written.was_there ? "; it was there already" : "", printable(options.project)),
      {{"file", written.path.string()},
       {"was_there", written.was_there},
       {"tree", written.tree.id.text()},
       {"platform", written.platform.text()},
       {"image", options.image}});
  return 0;
}

}  // namespace

void add_devcontainer(Command root) {
  auto command =
      root.add_command("devcontainer", "Write a devcontainer.json: a container that has the Go of a bundle");
  auto options = std::make_shared<workflow::DevContainerOptions>();
  auto project = std::make_shared<std::string>(".");
  auto bundle = std::make_shared<std::string>();
  command.add_option("project", *project, "the project's directory (.)");
  command.add_option("--bundle", *bundle, "the bundle", Occurrence::required);
  command.add_option("--image", options->image, "the container's image (debian:12)");
  command.add_flag("--force", options->force, "replace a devcontainer.json that is there");
  command.set_help({.group = Group::everyday,
                    .examples = {"gopack devcontainer --bundle /media/you/STICK",
                                 "gopack devcontainer app --bundle /media/you/STICK --image debian:12"}});
  command.set_run([options, project, bundle](Program& program) {
    options->project = *project;
    options->bundle = *bundle;
    return run(program, *options);
  });
}

}  // namespace gopack::app
