#include "hooks.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "gopack/base/error.hpp"
#include "gopack/base/file.hpp"
#include "gopack/base/replace.hpp"
#include "gopack/base/standard_streams.hpp"
#include "gopack/base/user_directories.hpp"

namespace gopack::app {

namespace {

namespace fs = std::filesystem;

// One file for each hook that is allowed, named by its digest.
fs::path allowed_directory() {
  if (const auto state = state_directory()) return *state / "allowed";
  throw Error(ErrorKind::usage,
              fmt::format("cannot remember which hooks are allowed: neither XDG_STATE_HOME nor {} is set",
                          kHomeVariable))
      .with_hint("set one of them, or name the hook itself in GOPACK_HOOKS_POST_SWITCH");
}

bool is_allowed(const ProjectHook& hook) {
  const auto file = allowed_directory() / hook.digest;
  return is_of_this_user(file);
}

bool agrees_to(const ProjectHook& hook, const std::stop_token& stop) {
  if (!is_terminal(Stream::input) || !is_terminal(Stream::error)) return false;
  std::fputs(
      fmt::format("{} wants to run this after each switch:\n  {}\nAllow it, until the file changes? [y/N] ",
                  printable(hook.file), printable(hook.command))
          .c_str(),
      stderr);
  const auto answer = read_answer(stop);
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
