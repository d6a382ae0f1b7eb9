// What names from outside are made of.
#pragma once

#include <cstddef>
#include <string_view>

namespace gopack {

// Bytes of the UTF-8 sequence (RFC 3629) at the start of `text`; 0 when it is malformed.
std::size_t utf8_length(std::string_view text);

// Whether a sequence stands for something that a reader cannot see, or that turns the text around it:
// control characters, zero-width characters and direction marks.
bool is_invisible(std::string_view sequence);

}  // namespace gopack
