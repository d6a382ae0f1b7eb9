// What --help prints.
#pragma once

#include <string>

namespace gopack::app {

// The text of CLI11 with its long lines broken between words: no wider than 80 columns, or the terminal.
std::string fitted_help(const std::string& text);

}  // namespace gopack::app
