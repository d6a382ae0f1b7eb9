// GOCACHEPROG, the program of a build cache, and the go.env that does without one. The native launcher
// compiles this as well: it needs nothing but the language. upkeep.sh has the same rules.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace gopack::bundle {

// Why Go cannot start the program of this command line, which it splits into words between blanks, or in
// quotes from their first character on; empty where it can. `has_program` says whether the machine has a
// program: a path, or a name.
std::string find_cacheprog_fault(std::string_view command_line,
                                 const std::function<bool(const std::string& program)>& has_program);

// Whether a command is `go env`, which sees and changes the settings as they are: also behind -C DIR.
bool is_go_env(std::string_view program, const std::vector<std::string>& arguments);

// The text of a go.env without the lines of this variable.
std::string without_setting(std::string_view go_env, std::string_view name);

// A go.env with every setting that a copy of it has had changed, from `was` to `copy`.
std::string carry_over(std::string_view go_env, std::string_view was, std::string_view copy);

}  // namespace gopack::bundle
