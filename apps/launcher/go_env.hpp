// go.env: the settings that `go env -w` keeps. Go reads it byte by byte; what editors of Windows add becomes
// a part of the values.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gopack::launcher {

// Without the byte order mark and the carriage returns at line ends; nothing where there are none. Throws
// Failure for UTF-16, which Go does not read; `file` is for its message.
std::optional<std::string> mended_go_env(std::string_view text, const std::string& file);

// What it says of a variable; empty: nothing. And the text without that.
std::string go_env_value(std::string_view text, std::string_view name);
std::string without_setting(std::string_view text, std::string_view name);

// The program of a command line such as "'/my programs/p' --flag": what is quoted, or the first word.
std::string program_of(std::string_view command_line);

}  // namespace gopack::launcher
