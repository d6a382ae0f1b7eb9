// go.env, the settings that `go env -w` keeps, as text. Go reads it byte by byte: what editors of Windows add
// becomes a part of names and values. Needs nothing but the language: the native launcher compiles it as
// well.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gopack::launch {

// Behind the name of a go.env: the copy without GOCACHEPROG, and what that copy was like when it was made.
inline constexpr const char* kCopy = ".here";
inline constexpr const char* kCopiedAs = ".was";

// Its lines, without their ends.
std::vector<std::string_view> lines_of(std::string_view go_env);

// The name in "NAME=VALUE"; empty for comments, and whatever else Go passes over.
std::string_view name_of(std::string_view line);

// The value that it gives a variable: the last line of that name counts. Empty where it gives none.
std::string_view value_of(std::string_view go_env, std::string_view name);

// Go does not read UTF-16.
bool is_utf16(std::string_view go_env);

// Without the byte order mark and the carriage returns at line ends; nothing where there are none.
std::optional<std::string> mended_go_env(std::string_view go_env);

// Without the lines of this variable.
std::string without_setting(std::string_view go_env, std::string_view name);

// With every setting that a copy of it has had changed, from `was` to `copy`.
std::string carry_over(std::string_view go_env, std::string_view was, std::string_view copy);

}  // namespace gopack::launch
