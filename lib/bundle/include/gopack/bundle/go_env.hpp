// go.env of a bundle: the go command's settings file (GOENV), as `go env -w` keeps it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gopack/bundle/cacheprog.hpp"  // without_setting

namespace gopack::bundle {

struct GoSetting {
  std::string name;   // "GOPRIVATE"
  std::string value;  // as Go takes it, without quotes; empty: Go's own default
};

// "NAME=VALUE". Throws Error (usage) for what is no variable of the go command, what the launchers bind
// themselves, and what does not fit into one line.
GoSetting parse_go_setting(const std::string& word);

// A go.env without what editors of Windows add and Go takes for parts of names and values: a byte order mark,
// and carriage returns at line ends. Nothing where it has none of these. Throws Error (failed) for UTF-16,
// which Go does not read; `file` is for its message.
std::optional<std::string> mended_go_env(std::string_view go_env, const std::filesystem::path& file);

// The text of a go.env with these settings: each takes the place of the line that was in force for its name,
// or comes at the end. Every other line stays.
std::string with_settings(std::string_view go_env, const std::vector<GoSetting>& settings);

// The value that a go.env gives this variable; nothing where it gives none, or an empty one.
std::optional<std::string> find_setting(std::string_view go_env, std::string_view name);

}  // namespace gopack::bundle
