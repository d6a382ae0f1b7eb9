// GOCACHEPROG, the program of a build cache. Needs nothing but the language: the native launcher compiles it
// as well. upkeep.sh has the same rules.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace gopack::launch {

// Why Go cannot start the program of this command line, which is its first word; empty where it can.
// `has_program` tells whether the machine has a program, which is a path or a name.
std::string find_cacheprog_fault(std::string_view command_line,
                                 const std::function<bool(const std::string& program)>& has_program);

// Whether a command is `go env`, which sees and changes the settings as they are: also behind -C DIR.
bool is_go_env(std::string_view program, const std::vector<std::string>& arguments);

}  // namespace gopack::launch
