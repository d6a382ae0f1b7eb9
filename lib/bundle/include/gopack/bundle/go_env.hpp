// go.env of a bundle: the go command's settings file (GOENV), as `go env -w` keeps it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gopack::bundle {

struct GoSetting {
  std::string name;   // "GOPRIVATE"
  std::string value;  // as Go takes it, without quotes; empty: Go's own default
};

// "NAME=VALUE". Throws Error (usage) for what is no variable of the go command, what the launchers bind
// themselves, and what does not fit into one line.
GoSetting parse_go_setting(const std::string& word);

// The text of a go.env with these settings: each takes the place of the line that was in force for its name,
// or comes at the end. Every other line stays.
std::string with_settings(std::string_view go_env, const std::vector<GoSetting>& settings);

}  // namespace gopack::bundle
