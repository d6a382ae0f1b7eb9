// Unicode's rules for names that are not ASCII.
#pragma once

#include <string_view>

namespace gopack::tree {

// Whether a UTF-8 sequence stands for a letter (any category L).
bool is_letter(std::string_view sequence);
// Whether UTF-8 text is in normal form C.
bool is_composed(std::string_view text);

}  // namespace gopack::tree
