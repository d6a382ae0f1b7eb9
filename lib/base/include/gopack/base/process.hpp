// This program, and starting others (`go env`, hooks, exec). No shell is involved unless asked for.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "gopack/base/file.hpp"

namespace gopack {

// Of the names of variables: on Windows they are the same in any case.
struct VariableOrder {
  bool operator()(const std::string& a, const std::string& b) const;
};
using Environment = std::map<std::string, std::string, VariableOrder>;

extern const char kPathSeparator;      // between the directories of PATH and the like
extern const std::string kNullDevice;  // the file below which there is nothing, and which takes all

// This process's environment.
Environment current_environment();

// The value of a variable; an empty one counts as unset.
std::optional<std::string> environment_variable(const std::string& name);

// The value of a variable in an environment; empty when it is not set.
std::string value_of(const Environment& environment, const std::string& name);

// Whether this machine has a process of that number.
bool is_running(int pid);

// Whether this is a file that may be executed.
bool can_execute(const std::filesystem::path& file);

// The first executable of that name in `path` (a PATH variable's value); on Windows also of that name and an
// ending of PATHEXT.
std::optional<std::filesystem::path> find_program(const std::string& name, const std::string& path);

// Whether there is the C compiler that cgo calls: CC or, where that is not set, gcc.
bool has_c_compiler(const Environment& environment);

// The file that this program was started from. Throws Error where the system does not tell.
std::filesystem::path own_program();

// How the system's shell is made to run a command line that a user wrote: {"/bin/sh", "-c", line}, and cmd
// on Windows.
std::vector<std::string> shell_command(const std::string& line);

// The shell that the user types into, as far as can be told: "sh" or "cmd".
std::string usual_shell();

// The command, made to run so that everyone may read what it writes.
std::vector<std::string> readable_for_all(std::vector<std::string> command);

struct ProcessResult {
  int status = 0;           // exit status; 128 + signal when killed by one
  std::string output;       // what it wrote to stdout (at most 1 MiB is kept)
  bool is_overdue = false;  // it had to be ended because of its time limit
};

// Which mebibyte of a longer output is kept.
enum class OutputPart { start, end };

struct ProcessOptions {
  std::string input = {};                // on stdin
  std::filesystem::path directory = {};  // to run in; empty: this process's
  bool merge_errors = false;             // stderr also goes into `output`; otherwise it is passed through
  bool discard_errors = false;           // stderr goes nowhere
  OutputPart keep = OutputPart::start;
  std::stop_token stop = {};  // ends it, with all that it has started, at the latest in half a second
  std::chrono::milliseconds time_limit{};  // does the same after that time; 0: never
};

// Runs `command` in a session of its own, without a terminal: what asks there for a password fails at once.
// It runs until it has ended itself: what it leaves in the background goes on, but without its output.
// command[0] is found in PATH when it has no separator. Throws Error when it cannot be started.
ProcessResult run_process(const std::vector<std::string>& command, const Environment& environment,
                          const ProcessOptions& options = {});

// Runs `command` in the foreground on the caller's own stdin, stdout and stderr and returns its exit status.
// Where the system can (POSIX) the command takes this process's place and the call does not return.
int run_in_foreground(const std::vector<std::string>& command, const Environment& environment);

// Runs `command` as run_in_foreground does, but in a child, and returns its exit status; 128 + signal when
// one has killed it. Meanwhile SIGTERM, SIGHUP, SIGINT and SIGQUIT that somebody sends to this process go to
// the child; those of the terminal reach it anyway. Call it in the first thread, and once.
int run_beside(const std::vector<std::string>& command, const Environment& environment);

}  // namespace gopack
