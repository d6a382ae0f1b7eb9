// What a launcher binds; docs/launchers.md has the table.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host.hpp"
#include "settings.hpp"

namespace gopack::launcher {

struct Change {
  std::string name;
  std::optional<std::string> value;  // nothing: unset
};

struct Places {
  std::string goroot;
  std::string programs;  // the directory of go and gofmt
  std::string data;      // the data directory
  bool has_cgo = true;
};

// In the order in which they apply: later ones win. `path` is the inherited PATH.
std::vector<Change> binding(const Places& places, const Settings& settings, std::string_view path,
                            const Host& host);

// Go 1.23 and newer count telemetry below the user's configuration directory: this moves it for one process.
// Git keeps its settings there as well, where it is XDG_CONFIG_HOME: `git_config` is the file that it would
// read (empty: none).
struct Telemetry {
  std::string directory;  // where a file `mode` with "off" belongs
  std::vector<Change> changes;
};
Telemetry contain_telemetry(const std::string& data, const std::string& git_config, const Host& host);

}  // namespace gopack::launcher
