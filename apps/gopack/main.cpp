// gopack: portable, trimmed, verified Go SDKs. This file reads the command line, runs the command, prints
// errors and turns them into exit statuses.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <new>

#include "command_line.hpp"
#include "commands/commands.hpp"
#include "commands/complete.hpp"
#include "gopack/base/error.hpp"
#include "gopack/base/process.hpp"
#include "gopack/base/standard_streams.hpp"
#include "render/version.hpp"
#include "signals.hpp"
#include "store_argument.hpp"

namespace gopack::app {

namespace {

struct Globals {
  bool json = false;
  bool quiet = false;
  bool verbose = false;
  std::string progress = "auto";
  std::string color = "auto";
};

using AddCommand = void (*)(Command);
constexpr AddCommand kCommands[] = {  // group by group, as help shows them
    add_make,     add_fetch,  add_list,  add_trim,         add_bundle,  add_image,   add_flash,      add_use,
    add_rollback, add_env,    add_exec,  add_devcontainer, add_pack,    add_publish, add_pull,       add_sync,
    add_key,      add_verify, add_prove, add_report,       add_attest,  add_diff,    add_repair,     add_gc,
    add_remove,   add_doctor, add_cache, add_cacheprog,    add_profile, add_allow,   add_completion, add_man};

void declare(Command root, Globals& globals) {
  const std::vector<std::string> when = {"auto", "always", "never"};
  root.add_setting(
      "--home", "home",
      "the store or bundle (GOPACK_HOME); commands that work on one also take it as their first word");
  root.add_flag("--json", globals.json, "print one JSON document on standard output");
  root.add_flag("-q,--quiet", globals.quiet, "no progress and no notes");
  root.add_flag("-v,--verbose", globals.verbose, "tell more");
  root.add_choice("--progress", globals.progress, when, "auto, always, never");
  root.add_choice("--color", globals.color, when, "auto, always, never");
  root.add_setting_flag("--offline", "offline", "open no network connection");
  root.add_setting("-j,--jobs", "jobs", "downloads and threads at a time");
  root.add_setting("--durability", "durability",
                   "full (default): survive a power cut; fast: do not wait for the disk");
  root.add_setting("--link", "link",
                   "auto (default): trees share the files they have in common; never: they are copied");
  root.add_setting("--lock-timeout", "lock_timeout", "seconds to wait for another gopack (default 5)");
  root.add_setting("--timeout", "timeout", "seconds after which a silent server is given up (default 30)");
  for (const auto add : kCommands) add(root);
}

bool decide(const std::string& when, bool automatic) {
  return when == "always" || (when == "auto" && automatic);
}

// Tells an error and returns the exit status, which has to do where not even this can be written.
int fail(const Error& error, bool json) {
  if (json) {
    const Json document{{"error", to_json(error)}};
    std::puts(document.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
  } else {
    auto text = fmt::format("gopack: {}\n", printable(error.text()));
    if (!error.hint().empty()) text += fmt::format("  hint: {}\n", printable(error.hint()));
    std::fputs(text.c_str(), stderr);
  }
  return static_cast<int>(error.kind());
}

bool has_flag(const std::vector<std::string>& arguments, std::initializer_list<const char*> spellings) {
  const auto end = std::find(arguments.begin(), arguments.end(), "--");
  return std::find_first_of(arguments.begin(), end, spellings.begin(), spellings.end()) != end;
}

constexpr const char* kOutOfMemory = "cannot go on: out of memory";

// Memory may be lacking where no exception gets to main: before main, and where nlohmann-json, whose
// destructors allocate, takes a document away.
[[noreturn]] void end() {
  try {
    if (const auto thrown = std::current_exception()) std::rethrow_exception(thrown);
  } catch (const std::bad_alloc&) {
    std::fprintf(stderr, "gopack: %s\n", kOutOfMemory);
    std::_Exit(static_cast<int>(ErrorKind::failed));
  } catch (...) {  // told below
  }
  std::fputs("gopack: cannot go on: an unexpected error\n", stderr);
  std::abort();
}

struct TerminateHandler {
  TerminateHandler() { std::set_terminate(&end); }
};
[[gnu::init_priority(101)]] const TerminateHandler kTerminateHandler;  // the first of all

int run(std::vector<std::string> arguments, Globals& globals) {
  hold_standard_streams();
  CommandLine command_line("gopack", "Portable, trimmed, verified Go SDKs from official releases",
                           version_text(has_flag(arguments, {"-v", "--verbose"}), globals.json));
  declare(command_line.root(), globals);
  if (!arguments.empty() && arguments.front() == kCompleteCommand) {
    arguments.erase(arguments.begin());
    print_completions(command_line.root(), std::move(arguments));
    return 0;
  }
  if (arguments.empty()) {  // as git and uv do
    command_line.parse({"--help"});
    return static_cast<int>(ErrorKind::usage);
  }
  take_store_argument(arguments);
  const auto invocation = command_line.parse(std::move(arguments));
  if (!invocation) return 0;
  const Signals signals;
  auto settings = Settings::load(std::filesystem::current_path());
  for (const auto& [key, values] : invocation->flags) settings.set_flag(key, values);
  const bool to_terminal = is_terminal(Stream::error);
  Terminal terminal(globals.quiet     ? Verbosity::quiet
                    : globals.verbose ? Verbosity::verbose
                                      : Verbosity::normal,
                    decide(globals.progress, to_terminal),
                    decide(globals.color, to_terminal && !environment_variable("NO_COLOR")));
  for (const auto& warning : settings.warnings()) terminal.warning(warning);
  Program program(std::move(settings), terminal, globals.json, signals.token());
  return invocation->run(program);
}

}  // namespace

}  // namespace gopack::app

int main(int argc, char** argv) {
  using namespace gopack;
  app::Globals globals;
  try {
    std::vector<std::string> arguments(argv + 1, argv + argc);
    // Known before parsing, so that wrong usage is told in the way that is asked for.
    globals.json = app::has_flag(arguments, {"--json"});
    return app::run(std::move(arguments), globals);
  } catch (const Error& error) {
    return app::fail(error, globals.json);
  } catch (const std::bad_alloc&) {
    return app::fail(Error(ErrorKind::failed, app::kOutOfMemory), globals.json);
  } catch (const std::filesystem::filesystem_error& error) {
    const auto& path = error.path1();
    const auto what = path.empty() ? "tell the working directory" : "use " + printable(path);
    return app::fail(system_error(error.code().value(), what), globals.json);
  } catch (const std::exception& error) {
    return app::fail(
        Error(ErrorKind::failed, "cannot go on: gopack has met something that it does not expect")
            .with_hint(fmt::format("this is a fault of gopack: report the command and \"{}\"",
                                   printable(error.what()))),
        globals.json);
  }
}
