// How wide the terminal is.
#pragma once

#include <cstddef>

namespace gopack::app {

// Columns of the terminal at standard error as it is now; where there is none those of COLUMNS, else 80.
std::size_t terminal_width();

// Columns of the terminal at standard output; the largest number where it goes elsewhere.
std::size_t output_width();

}  // namespace gopack::app
