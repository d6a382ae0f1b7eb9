#include "hooks.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <iostream>

#include "gopack/base/error.hpp"
#include "gopack/base/file.hpp"
#include "gopack/base/process.hpp"
#include "gopack/base/replace.hpp"

namespace gopack::app {

namespace {

namespace fs = std::filesystem;

// One file for each hook that is allowed, named by its digest.
fs::path allowed_directory() {
  if (const auto state = environment_variable("XDG_STATE_HOME")) return fs::path(*state) / "gopack/allowed";
  if (const auto home = environment_variable("HOME")) return fs::path(*home) / ".local/state/gopack/allowed";
  throw Error(ErrorKind::usage,
              "cannot remember which hooks are allowed: neither XDG_STATE_HOME nor HOME is set")
      .with_hint("set one of them, or name the hook itself in GOPACK_HOOKS_POST_SWITCH");
}

bool is_allowed(const ProjectHook& hook) {
  const auto file = allowed_directory() / hook.digest;
  return is_of_this_user(file);
}

// Waits until the user has typed something. Throws Error (interrupted) when the command is to stop first.
void wait_for_answer(const std::stop_token& stop) {
  Pipe stopping;
  const std::stop_callback tell(stop, [&] { stopping.write_end = Descriptor(); });
  pollfd fds[] = {{STDIN_FILENO, POLLIN, 0}, {stopping.read_end.get(), POLLIN, 0}};
  while (::poll(fds, 2, -1) < 0 && errno == EINTR) {
  }
  throw_if_stopped(stop);
}

bool agrees_to(const ProjectHook& hook, const std::stop_token& stop) {
  if (::isatty(STDIN_FILENO) != 1 || ::isatty(STDERR_FILENO) != 1) return false;
  std::fputs(
      fmt::format("{} wants to run this after each switch:\n  {}\nAllow it, until the file changes? [y/N] ",
                  printable(hook.file), printable(hook.command))
          .c_str(),
      stderr);
  wait_for_answer(stop);
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "Y" || answer == "yes";
}

}  // namespace

void allow(const ProjectHook& hook) {
  replace_text(Dir::ensure(allowed_directory()), hook.digest, hook.file.string() + "\n", false);
}

bool has_hook(const Program& program) {
  return program.settings().project_hook() || program.settings().find("hooks.post_switch");
}

std::string allowed_hook(const Program& program) {
  const auto& hook = program.settings().project_hook();
  if (!hook || is_allowed(*hook)) return program.settings().find("hooks.post_switch").value_or("");
  if (!agrees_to(*hook, program.stop())) {
    throw Error(ErrorKind::usage,
                fmt::format("cannot run the post-switch hook of {}: it is new or has changed, and "
                            "nobody has allowed it: {}",
                            printable(hook->file), printable(hook->command)))
        .with_hint("read the file; `gopack allow` in its directory allows it until it changes");
  }
  allow(*hook);
  return hook->command;
}

}  // namespace gopack::app
