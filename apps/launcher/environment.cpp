#include "environment.hpp"

namespace gopack::launcher {

namespace {

std::string prepend(const std::string& front, std::string_view path, char separator) {
  if (path.empty()) return front;  // an empty part would be the working directory
  if (path == front || path.starts_with(front + separator)) return std::string(path);
  return front + separator + std::string(path);
}

// The value that a setting of this name has; the last one counts.
std::optional<std::string> setting(const Settings& settings, std::string_view name) {
  for (auto at = settings.variables.rbegin(); at != settings.variables.rend(); ++at)
    if (at->name == name) return at->value;
  return std::nullopt;
}

}  // namespace

std::string telemetry(const Places& places, const Host& host) {
  return host.join(places.data, "telemetry");
}

std::vector<Change> binding(const Places& places, const Settings& settings, std::string_view path,
                            const Host& host) {
  const auto gopath = host.join(places.data, "gopath");
  std::vector<Change> changes = {{"GOTOOLCHAIN", "local"}};
  for (const auto& [name, value] : settings.variables) changes.push_back({name, value});
  changes.insert(changes.end(), {{"GOROOT", places.goroot},
                                 {"GOPATH", gopath},
                                 {"GOMODCACHE", host.join(gopath, "pkg/mod")},
                                 {"GOCACHE", host.join(gopath, "cache")},
                                 {"GOENV", host.join(gopath, "go.env")},
                                 {"TEST_TELEMETRY_DIR", telemetry(places, host)}});
  if (!places.has_cgo) changes.push_back({"CGO_ENABLED", "0"});
  const auto front = places.programs + host.list_separator + host.join(gopath, "bin");
  changes.push_back({"PATH", prepend(front, path, host.list_separator)});
  return changes;
}

bool may_choose_by_project(const Settings& settings, const Inherited& inherited) {
  const auto own = setting(settings, "GOTOOLCHAIN").value_or("");
  if (!settings.chooses_by_project || (!own.empty() && own != "local")) return false;
  if (inherited("GO111MODULE") == "off") return false;
  const auto asked = inherited("GOTOOLCHAIN").value_or("");
  return asked.empty() || asked == "auto" || asked == "path" || asked == "local+auto" ||
         asked == "local+path";
}

std::vector<std::string> ignored(const Places& places, const Settings& settings, std::string_view release,
                                 const Inherited& inherited, const Host& host) {
  std::vector<std::string> lines;
  const auto toolchain = inherited("GOTOOLCHAIN").value_or("");
  bool is_met =
      toolchain == setting(settings, "GOTOOLCHAIN") || toolchain.substr(0, toolchain.rfind('+')) == release;
  for (const char* any : {"", "auto", "path", "local", "local+auto", "local+path"})
    is_met = is_met || toolchain == any;
  if (!is_met)
    lines.push_back("GOTOOLCHAIN=" + toolchain + " is ignored, " + std::string(release) +
                    " runs: choose another Go with " + host.switcher() + ", or set gotoolchain in " +
                    host.settings_name());
  if (!places.has_cgo && inherited("CGO_ENABLED") == "1")
    lines.push_back(
        "CGO_ENABLED=1 is ignored, this Go has no cgo: lay it out with a profile that has it, such as "
        "minimal");
  return lines;
}

}  // namespace gopack::launcher
