#include <fmt/format.h>

#include <memory>

#include "commands/commands.hpp"
#include "gopack/base/error.hpp"
#include "gopack/bundle/environment.hpp"
#include "gopack/launch/cacheprog.hpp"
#include "gopack/launch/lacking.hpp"
#include "gopack/store/catalog.hpp"

namespace gopack::app {

namespace {

bundle::Binding bind_tree(const workflow::Session& session, const store::Tree& tree) {
  return bundle::bind_environment(session.store.path() / tree.id.text(), session.store.path() / "shared",
                                  tree.platforms(), release::Platform::host());
}

void name_ignored(const workflow::Session& session, const bundle::Binding& binding, const store::Tree& tree) {
  for (const auto& line : bundle::ignored(binding, current_environment(), tree.manifest.release))
    session.reporter.warning(line);
}

// A read-only store has what it has, unless Go would misread it.
void prepare(const workflow::Session& session, const Environment& bound) {
  try {
    bundle::prepare_data(bound);
    bundle::carry_over_go_env(bound);
  } catch (const Error&) {
  }
  if (bundle::mend_go_env(bound))
    session.reporter.warning(fmt::format("{} has line ends that Go takes for parts of values: it is mended",
                                         printable(bound.at("GOENV"))));
}

void name_left_out(const workflow::Session& session, const std::string& reason) {
  session.reporter.warning(fmt::format("GOCACHEPROG of go.env is left out: {}", printable(reason)));
}

int run_env(Program& program, const std::string& selector, const std::string& shell_name) {
  const auto shell = bundle::parse_shell(shell_name);
  if (!shell) {
    throw Error(ErrorKind::usage, fmt::format("there is no shell \"{}\" here", printable(shell_name)))
        .with_hint("one of sh, cmd, powershell, fish");
  }
  const auto session = program.session(Access::read);
  const auto tree = store::choose_tree(session.store, selector, session.reporter);
  auto binding = bind_tree(session, tree);
  name_ignored(session, binding, tree);
  auto environment = binding.apply(current_environment());
  prepare(session, environment);
  if (const auto left_out = bundle::leave_out_cacheprog(environment)) {
    name_left_out(session, *left_out);
    for (auto& [name, value] : binding.set)
      if (name == "GOENV") value = environment.at(name);
  }
  Json set = Json::object();
  Json path = Json::array();
  for (const auto& [name, value] : binding.set) set[name] = value;
  for (const auto& directory : binding.path) path.push_back(directory.string());
  program.print_as_is(bundle::to_script(binding, *shell, current_environment()),
                      {{"set", set}, {"unset", Json::array()}, {"path", path}});
  return 0;
}

// The command with its program found in `path`, unless it is named with a directory.
std::vector<std::string> locate(std::vector<std::string> command, const std::string& path) {
  auto& program = command.front();
  if (std::filesystem::path(program).has_parent_path()) return command;
  const auto found = find_program(program, path);
  if (!found) {
    throw Error(ErrorKind::failed, fmt::format("cannot run {}: there is no such program", printable(program)))
        .with_hint("it is looked for in the tree, in shared/gopath/bin and in PATH");
  }
  program = found->string();
  return command;
}

// What the command asks for, also by the settings of the bound environment, and the tree does not have.
std::optional<std::string> lacking(const store::Tree& tree, const std::vector<std::string>& command,
                                   const Environment& bound) {
  const auto& manifest = tree.manifest;
  const auto platform = release::choose_platform(tree.platforms(), release::Platform::host());
  return launch::find_lacking(
      {manifest.release, manifest.profile, manifest.capabilities, manifest.targets},
      {.program = std::filesystem::path(command.front()).filename().string(),
       .arguments = {command.begin() + 1, command.end()},
       .host = platform ? platform->text() : std::string(),
       .variable = [](const char* name) { return environment_variable(name).value_or(""); },
       .go_env = bundle::go_env_of(bound)});
}

// Whether Go is asked for its settings as they are.
bool is_go_env(const std::vector<std::string>& command) {
  const std::filesystem::path program = command.front();
  return launch::is_go_env(program.filename().string(), {command.begin() + 1, command.end()});
}

// In a child, so that the line can follow where the command fails.
int run_and_tell(const std::vector<std::string>& command, const Environment& environment,
                 const std::string& line) {
  const int status = run_beside(command, environment);
  if (status != 0) fmt::print(stderr, "gopack: {}\n", line);
  return status;
}

int run_exec(Program& program, const std::string& selector, const std::vector<std::string>& command) {
  if (command.empty()) {
    throw Error(ErrorKind::usage, "there is no command to run")
        .with_hint("write it after --: gopack exec 1.22 -- go version");
  }
  const auto session = program.session(Access::read);
  const auto leased = store::lease_tree(session.store, selector, session.wait(), session.reporter);
  const auto binding = bind_tree(session, leased.tree);
  name_ignored(session, binding, leased.tree);
  auto environment = binding.apply(current_environment());
  const auto lacked = [&] { return lacking(leased.tree, command, environment); };
  if (!find_program(command.front(), environment.at("PATH"))) {
    if (const auto lacks = lacked()) throw Error(ErrorKind::failed, *lacks);
  }
  auto located = locate(command, environment.at("PATH"));
  prepare(session, environment);
  const auto lacks = lacked();  // by a go.env that is mended
  if (!is_go_env(command)) {
    if (const auto left_out = bundle::leave_out_cacheprog(environment)) name_left_out(session, *left_out);
  }
  leased.lease.pass_on();
  if (lacks) return run_and_tell(located, environment, *lacks);
  return run_in_foreground(located, environment);
}

}  // namespace

void add_env(Command root) {
  auto command = root.add_command("env", "Print the portable environment of a tree");
  auto selector = std::make_shared<std::string>();
  auto shell = std::make_shared<std::string>(usual_shell());
  command.add_option("selector", *selector, "which tree; none: the current one");
  command.add_option("--shell", *shell, fmt::format("sh, cmd, powershell, fish ({})", *shell));
  command.set_help({.group = Group::everyday,
                    .examples = {"eval \"$(gopack env)\"", "gopack env 1.26 --shell powershell"},
                    .statuses = {{4}}});
  command.set_run([selector, shell](Program& program) { return run_env(program, *selector, *shell); });
}

void add_exec(Command root) {
  auto command = root.add_command("exec", "Run a command in the portable environment of a tree");
  auto selector = std::make_shared<std::string>();
  auto words = std::make_shared<std::vector<std::string>>();
  command.add_option("selector", *selector, "which tree; none: the current one");
  command.add_rest(*words, "The command follows after --.");
  command.set_help(
      {.group = Group::everyday,
       .examples = {"gopack exec -- go build ./...", "gopack exec 1.25 -- go test ./..."},
       .statuses = {{0, "CMD ended with 0; any other status of CMD is returned as it is"}, {4}, {5}}});
  command.set_run([selector, words](Program& program) { return run_exec(program, *selector, *words); });
}

}  // namespace gopack::app
