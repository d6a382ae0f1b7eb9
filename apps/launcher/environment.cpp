#include "environment.hpp"

namespace gopack::launcher {

namespace {

std::string prepend(const std::string& front, std::string_view path, char separator) {
  if (path.empty()) return front;  // an empty part would be the working directory
  if (path == front || path.starts_with(front + separator)) return std::string(path);
  return front + separator + std::string(path);
}

}  // namespace

std::string telemetry(const Places& places, const Host& host) {
  return host.join(places.data, "telemetry");
}

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
                                 {"GOBIN", gobin},
                                 {"TEST_TELEMETRY_DIR", telemetry(places, host)}});
  if (!places.has_cgo) changes.push_back({"CGO_ENABLED", "0"});
  const auto front = places.programs + host.list_separator + gobin;
  changes.push_back({"PATH", prepend(front, path, host.list_separator)});
  return changes;
}

}  // namespace gopack::launcher
