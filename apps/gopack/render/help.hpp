// What --help prints.
#pragma once

#include <string>
#include <vector>

#include "command_line.hpp"

namespace gopack::app {

std::string group_title(Group group);

// All that a command may end with, in order, each with its meaning.
std::vector<ExitStatus> exit_statuses(const CommandHelp& help);

// Examples and exit statuses, as they end the help of a command.
std::string help_ending(const CommandHelp& help);

// The text of CLI11 with its long lines broken between words: no wider than 80 columns, or the terminal.
std::string fitted_help(const std::string& text);

}  // namespace gopack::app
