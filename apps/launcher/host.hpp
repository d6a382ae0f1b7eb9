// The machine a launcher runs on, as data: so that its logic is the same for every system and tested on one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gopack::launcher {

enum class SettingsFormat { yaml, ini };

struct Host {
  std::string os;                          // GOOS
  std::vector<std::string> architectures;  // GOARCH of the processor, then those it emulates
  char separator = '/';                    // between the parts of a path
  char list_separator = ':';               // between the parts of PATH
  std::string suffix = {};                 // of programs
  SettingsFormat settings = SettingsFormat::yaml;
  bool links = true;  // a seeded cache is links into the bundle, not a copy

  std::string join(std::string_view directory,
                   std::string_view below) const;   // `below` with '/' between its parts
  std::string parent(std::string_view path) const;  // a root keeps its separator
  std::string name(std::string_view path) const;    // the last part
  bool is_absolute(std::string_view path) const;

  std::string settings_name() const { return settings == SettingsFormat::ini ? "config.ini" : "config.yaml"; }
  std::string switcher() const { return settings == SettingsFormat::ini ? "use.bat" : "use.sh"; }
};

}  // namespace gopack::launcher
