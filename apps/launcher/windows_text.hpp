// How Windows writes text, command lines and paths. Pure: the calls are in system_win32.cpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gopack::launcher {

// UTF-16 as Windows has it to UTF-8 and back without loss: a surrogate without its other half, which file
// names may hold, becomes three bytes (WTF-8).
std::string to_utf8(std::u16string_view text);
std::u16string to_utf16(std::string_view text);

// A command line as the C run-time takes it apart, the program's name left out. `rest` is what follows the
// argument, from its first character on, as it was typed.
struct Argument {
  std::string text;
  std::string_view rest;
};
std::vector<Argument> split_command_line(std::string_view line);

// What follows the program's name and `count` arguments, untouched.
std::string_view rest_of_command_line(std::string_view line, std::size_t count);

// A whole path in the form that has no limit of 260 characters (\\?\…), if it is so long that it needs it;
// and back.
std::string extended_path(std::string_view path);
std::string plain_path(std::string_view path);

}  // namespace gopack::launcher
