// The commands: each file declares its options and says what to run.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "program.hpp"

namespace gopack::app {

// What the command line asks for.
struct Invocation {
  std::function<int(Program&)> run;                       // returns the exit status
  std::map<std::string, std::vector<std::string>> flags;  // settings given as flags
  std::vector<std::string> after_dashes;                  // what follows "--"
};

// An option that gives a setting; with `many` it may be repeated.
CLI::Option* add_setting(CLI::App& app, Invocation& invocation, const std::string& option,
                         const std::string& key, const std::string& description, bool many = false);

void add_fetch(CLI::App& app, Invocation& invocation);
void add_list(CLI::App& app, Invocation& invocation);
void add_trim(CLI::App& app, Invocation& invocation);
void add_use(CLI::App& app, Invocation& invocation);
void add_rollback(CLI::App& app, Invocation& invocation);
void add_bundle(CLI::App& app, Invocation& invocation);
void add_verify(CLI::App& app, Invocation& invocation);
void add_repair(CLI::App& app, Invocation& invocation);
void add_gc(CLI::App& app, Invocation& invocation);
void add_remove(CLI::App& app, Invocation& invocation);
void add_env(CLI::App& app, Invocation& invocation);
void add_exec(CLI::App& app, Invocation& invocation);
void add_profile(CLI::App& app, Invocation& invocation);
void add_doctor(CLI::App& app, Invocation& invocation);
void add_completion(CLI::App& app, Invocation& invocation);

}  // namespace gopack::app
