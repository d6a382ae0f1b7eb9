#include "environment.hpp"

namespace gopack::launcher {

namespace {

std::string prepend(const std::string& front, std::string_view path, char separator) {
  if (path.empty()) return front;  // an empty part would be the working directory
  if (path == front || path.starts_with(front + separator)) return std::string(path);
  return front + separator + std::string(path);
}

}  // namespace

std::vector<Change> binding(const Places& places, const Settings& settings, std::string_view path,
                            const Host& host) {
  const auto gopath = host.join(places.data, "gopath");
  const auto gobin = host.join(gopath, "bin");
  std::vector<Change> changes = {{"GOFLAGS", std::nullopt}, {"GOTOOLCHAIN", "local"}};
  for (const auto& [name, value] : settings.variables) changes.push_back({name, value});
  changes.insert(changes.end(), {{"GOROOT", places.goroot},
                                 {"GOPATH", gopath},
                                 {"GOMODCACHE", host.join(gopath, "pkg/mod")},
                                 {"GOCACHE", host.join(gopath, "cache")},
                                 {"GOENV", host.join(gopath, "go.env")},
                                 {"GOTMPDIR", host.join(gopath, "tmp")},
                                 {"GOBIN", gobin}});
  if (!places.has_cgo) changes.push_back({"CGO_ENABLED", "0"});
  const auto front = places.programs + host.list_separator + gobin;
  changes.push_back({"PATH", prepend(front, path, host.list_separator)});
  return changes;
}

Telemetry contain_telemetry(const std::string& data, const std::string& git_config, const Host& host) {
  const auto config = host.join(data, "config");
  Telemetry telemetry{host.join(config, "go/telemetry"), {{host.config_variable, config}}};
  if (!git_config.empty()) {
    telemetry.changes.insert(telemetry.changes.end(), {{"GIT_CONFIG_COUNT", "1"},
                                                       {"GIT_CONFIG_KEY_0", "include.path"},
                                                       {"GIT_CONFIG_VALUE_0", git_config}});
  }
  return telemetry;
}

}  // namespace gopack::launcher
