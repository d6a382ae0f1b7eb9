// config.yaml and config.ini: the same keys, one a line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "host.hpp"

namespace gopack::launcher {

enum class Stage { automatic, never, always };

struct Variable {
  std::string name;
  std::string value;
};

struct Settings {
  std::string data_dir;  // empty: not named
  Stage stage = Stage::automatic;
  bool chooses_by_project = true;
  std::vector<Variable> variables;  // GOPROXY, GOTOOLCHAIN, env.NAME …; never with an empty value
};

// `file` is for messages. Throws Failure (2) with the line of a key that does not exist or a wrong value.
//   yaml  `key: value`, the value bare or in quotes, comments from # on
//   ini   `key=value`, the value as it is or in double quotes, lines of comment with ; or #
Settings parse_settings(std::string_view text, SettingsFormat format, const std::string& file);

}  // namespace gopack::launcher
