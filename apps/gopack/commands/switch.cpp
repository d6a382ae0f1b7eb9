#include <fmt/format.h>

#include <memory>

#include "commands/commands.hpp"
#include "gopack/workflow/switch.hpp"
#include "hooks.hpp"
#include "render/trees.hpp"

namespace gopack::app {

namespace {

struct SwitchArguments {
  std::string selector;
  workflow::SwitchOptions change;
};

// `back` is what brings back the tree that was current.
void print_result(Program& program, const store::Store& store, const workflow::Switched& switched,
                  const std::string& back) {
  Json json{{"from", nullptr},
            {"to", switched.to.id.text()},
            {"changed", switched.changed},
            {"tree", to_json(store, switched.to)}};
  if (switched.from) json["from"] = switched.from->text();
  auto text = fmt::format("{} is current{}", describe(switched.to), switched.changed ? "" : " already");
  if (switched.changed && switched.from)
    text += fmt::format("; {} brings back {}", store.command(back), switched.from->text());
  program.print_outcome(text + "\n", json);
}

void add_switch_options(Command command, SwitchArguments& options) {
  command.add_flag("--rollback-on-failure", options.change.rollback_on_failure,
                   "bring the old tree back when the post-switch hook fails");
}

}  // namespace

void add_use(Command root) {
  auto command = root.add_command("use", "Verify a tree, then make it current");
  auto options = std::make_shared<SwitchArguments>();
  command.add_option("selector", options->selector, "1.22, go1.22.5, v_<hash> …", Occurrence::required);
  add_switch_options(command, *options);
  command.set_help({.group = Group::everyday,
                    .examples = {"gopack use 1.26", "gopack use /media/you/STICK 1.25"},
                    .statuses = {{3}, {4}, {5}, {7}}});
  command.set_run([options](Program& program) {
    options->change.post_switch = allowed_hook(program);
    const auto session = program.session(Access::write);
    print_result(program, session.store, workflow::use(session, options->selector, options->change),
                 "rollback");
    return 0;
  });
}

void add_rollback(Command root) {
  auto command = root.add_command("rollback", "Make current what was current before the last switch");
  auto options = std::make_shared<SwitchArguments>();
  add_switch_options(command, *options);
  command.set_help({.group = Group::everyday,
                    .examples = {"gopack rollback", "gopack rollback /media/you/STICK"},
                    .statuses = {{3}, {5}, {7}}});
  command.set_run([options](Program& program) {
    options->change.post_switch = allowed_hook(program);
    const auto session = program.session(Access::write);
    const auto switched = workflow::rollback(session, options->change);
    print_result(program, session.store, switched, "use " + (switched.from ? switched.from->text() : ""));
    return 0;
  });
}

}  // namespace gopack::app
