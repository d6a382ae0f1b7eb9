// Man pages (man(7), section 1), made from what the commands declare.
#pragma once

#include <string>

#include "command_line.hpp"

namespace gopack::app {

// The page of gopack itself: its options, and a line for each command.
std::string man_page(const Command& root);

// The page of one command, gopack-<command>(1).
std::string man_page(const Command& root, const Command& command);

}  // namespace gopack::app
