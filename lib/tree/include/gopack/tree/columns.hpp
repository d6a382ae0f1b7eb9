// How wide text is where each character has its cell.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gopack::tree {

// Columns that UTF-8 text takes on a terminal: two for East Asian wide characters, none for combining ones,
// one for each byte that is not UTF-8.
std::size_t columns_of(std::string_view text);

// The text, or as much of it as fits `columns` with "…" at its end.
std::string shortened(std::string_view text, std::size_t columns);

}  // namespace gopack::tree
