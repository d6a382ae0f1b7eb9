// A text as one word of a command line for people to copy.
#pragma once

#include <string>
#include <string_view>

namespace gopack {

// As it is where a POSIX shell, or cmd on Windows, takes it for one word, else in quotes.
std::string shell_word(std::string_view text);

}  // namespace gopack
