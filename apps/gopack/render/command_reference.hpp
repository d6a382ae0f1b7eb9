// docs/commands.md, made from what the commands declare, as help and man pages are.
#pragma once

#include <string>

#include "command_line.hpp"

namespace gopack::app {

// Every command in the groups of the help, with its options, examples and exit statuses, as Markdown.
std::string command_reference(const Command& root);

}  // namespace gopack::app
