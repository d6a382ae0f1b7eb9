// Go's own settings for the module proxy and the checksum database.
#pragma once

#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "gopack/base/process.hpp"

namespace gopack::source {

struct GoEnvironment {
  std::string goproxy;    // GOPROXY; empty when nobody says
  std::string gosumdb;    // GOSUMDB: "off", "<name>", "<name>+<key>" or "<name>+<key> <url>"
  std::string gonosumdb;  // GONOSUMDB (or GOPRIVATE): comma-separated patterns of module paths

  // Each from `environment` or, where it is unset there and a `go` is in its PATH, from `go env` (started
  // with GOTOOLCHAIN=local, ended by `stop`).
  static GoEnvironment read(const Environment& environment = current_environment(),
                            const std::stop_token& stop = {});
};

// Go's settings as they hold for a source that the user names: with "goproxy+URL" that URL takes GOPROXY's
// place, for modules and for the checksum database.
GoEnvironment go_environment_for(std::string_view source, const std::stop_token& stop);

// One entry of a GOPROXY list and what comes after it: by "," the next one is tried when this one has no
// such thing (404, 410), by "|" after any error.
struct ProxyEntry {
  std::string url;  // a URL ("https://" is added where there is no scheme), "off" or "direct"
  bool fall_back_on_any_error = false;
};

std::vector<ProxyEntry> parse_goproxy(const std::string& list);

// Whether the checksum database is not to be asked about `module_path` (x/mod module.MatchPrefixPatterns).
bool matches_patterns(const std::string& patterns, const std::string& module_path);

}  // namespace gopack::source
