// gopack: portable, trimmed, verified Go SDKs. This file reads the command line, runs the command, prints
// errors and turns them into exit statuses.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "commands/commands.hpp"
#include "gopack/base/error.hpp"
#include "gopack/base/process.hpp"
#include "signals.hpp"

namespace gopack::app {

namespace {

struct Globals {
  bool json = false;
  bool quiet = false;
  bool verbose = false;
  std::string progress = "auto";
  std::string color = "auto";
};

using AddCommand = void (*)(CLI::App&, Invocation&);
constexpr AddCommand kCommands[] = {add_fetch,  add_list,   add_trim,    add_use,    add_rollback,
                                    add_bundle, add_verify, add_repair,  add_gc,     add_remove,
                                    add_env,    add_exec,   add_profile, add_doctor, add_completion};

void declare(CLI::App& app, Globals& globals, Invocation& invocation) {
  app.set_version_flag("--version", "gopack " GOPACK_VERSION);
  app.require_subcommand(1);
  app.fallthrough();
  add_setting(app, invocation, "--home", "home", "the store (GOPACK_HOME)");
  app.add_flag("--json", globals.json, "print one JSON document on standard output");
  app.add_flag("-q,--quiet", globals.quiet, "no progress and no notes");
  app.add_flag("-v,--verbose", globals.verbose, "tell more");
  const CLI::IsMember when({"auto", "always", "never"});
  app.add_option("--progress", globals.progress, "auto, always, never")->check(when);
  app.add_option("--color", globals.color, "auto, always, never")->check(when);
  app.add_flag_callback(
      "--offline", [&invocation] { invocation.flags["offline"] = {"true"}; }, "open no network connection");
  add_setting(app, invocation, "-j,--jobs", "jobs", "downloads and threads at a time");
  add_setting(app, invocation, "--durability", "durability",
              "full (default): survive a power cut; fast: do not wait for the disk");
  add_setting(app, invocation, "--lock-timeout", "lock_timeout",
              "seconds to wait for another gopack (default 5)");
  for (const auto add : kCommands) add(app, invocation);
}

bool decide(const std::string& when, bool automatic) {
  return when == "always" || (when == "auto" && automatic);
}

void print_error(const Error& error, bool json) {
  if (json) {
    const Json document{{"error",
                         {{"kind", to_string(error.kind())},
                          {"message", printable(error.text())},
                          {"hint", printable(error.hint())}}}};
    fmt::print("{}\n", document.dump(2, ' ', false, Json::error_handler_t::replace));
    return;
  }
  fmt::print(stderr, "gopack: {}\n", printable(error.text()));
  if (!error.hint().empty()) fmt::print(stderr, "  hint: {}\n", printable(error.hint()));
}

// Help and version are no errors; everything else that CLI11 refuses is wrong usage.
void parse(CLI::App& app, std::vector<std::string> arguments) {
  std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants them
  try {
    app.parse(std::move(arguments));
  } catch (const CLI::Success&) {
    throw;
  } catch (const CLI::ParseError& error) {
    const auto left = app.remaining();
    const bool is_unknown_command =
        app.get_subcommands().empty() && !left.empty() && !left.front().starts_with("-");
    throw Error(ErrorKind::usage, is_unknown_command
                                      ? fmt::format("there is no command \"{}\"", printable(left.front()))
                                      : error.what())
        .with_hint("`gopack --help` and `gopack COMMAND --help` show what there is");
  }
}

int run(std::vector<std::string> arguments, Globals& globals) {
  CLI::App app("Portable, trimmed, verified Go SDKs from official releases", "gopack");
  Invocation invocation;
  declare(app, globals, invocation);
  const auto dashes = std::find(arguments.begin(), arguments.end(), "--");
  if (dashes != arguments.end()) invocation.after_dashes.assign(dashes + 1, arguments.end());
  arguments.erase(dashes, arguments.end());
  try {
    parse(app, std::move(arguments));
  } catch (const CLI::Success& success) {
    return app.exit(success);
  }
  const Signals signals;
  auto settings = Settings::load(std::filesystem::current_path());
  for (const auto& [key, values] : invocation.flags) settings.set_flag(key, values);
  const bool to_terminal = ::isatty(STDERR_FILENO) == 1;
  Terminal terminal(globals.quiet     ? Verbosity::quiet
                    : globals.verbose ? Verbosity::verbose
                                      : Verbosity::normal,
                    decide(globals.progress, to_terminal),
                    decide(globals.color, to_terminal && !environment_variable("NO_COLOR")));
  Program program(std::move(settings), terminal, globals.json, signals.token());
  return invocation.run(program);
}

}  // namespace

CLI::Option* add_setting(CLI::App& app, Invocation& invocation, const std::string& option,
                         const std::string& key, const std::string& description, bool many) {
  auto take = [&invocation, key](const std::vector<std::string>& values) { invocation.flags[key] = values; };
  auto* added = app.add_option_function<std::vector<std::string>>(option, take, description);
  added->type_name("TEXT");
  return many ? added->expected(1)
                    ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
                    ->allow_extra_args(false)
              : added->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
}

}  // namespace gopack::app

int main(int argc, char** argv) {
  using namespace gopack;
  std::vector<std::string> arguments(argv + 1, argv + argc);
  app::Globals globals;
  // Known before parsing, so that wrong usage is told in the way that is asked for.
  globals.json =
      std::count(arguments.begin(), std::find(arguments.begin(), arguments.end(), "--"), "--json") > 0;
  try {
    return app::run(std::move(arguments), globals);
  } catch (const Error& error) {
    app::print_error(error, globals.json);
    return static_cast<int>(error.kind());
  } catch (const std::exception& error) {
    app::print_error(Error(ErrorKind::failed, error.what()), globals.json);
    return static_cast<int>(ErrorKind::failed);
  }
}
