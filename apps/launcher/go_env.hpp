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

// What it says of a variable; empty: nothing.
std::string go_env_value(std::string_view text, std::string_view name);

}  // namespace gopack::launcher
