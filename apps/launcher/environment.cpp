#include "environment.hpp"

#include <algorithm>
#include <span>

#include "gopack/launch/rules.hpp"

namespace gopack::launcher {

namespace {

std::string prepend(const std::string& front, std::string_view path, char separator) {
  if (path.empty()) return front;  // an empty part would be the working directory
  if (path == front || path.starts_with(front + separator)) return std::string(path);
  return front + separator + std::string(path);
}

bool contains(std::span<const std::string_view> all, std::string_view word) {
  return std::find(all.begin(), all.end(), word) != all.end();
}

// The value that a setting of this name has; the last one counts.
std::optional<std::string> setting(const Settings& settings, std::string_view name) {
  for (auto at = settings.variables.rbegin(); at != settings.variables.rend(); ++at)
    if (at->name == name) return at->value;
  return std::nullopt;
}

}  // namespace

std::vector<Change> binding(const Places& places, const Settings& settings, std::string_view path,
                            const Host& host) {
  std::vector<Change> changes = {{"GOTOOLCHAIN", "local"}};
  for (const auto& [name, value] : settings.variables) changes.push_back({name, value});
  for (const auto& [name, base, below] : launch::kBound) {
    if (base == launch::Base::toolchain) continue;  // the settings decide
    const bool is_data = base == launch::Base::data;
    changes.push_back({std::string(name), is_data ? host.join(places.data, below) : places.goroot});
  }
  if (!places.has_cgo) changes.push_back({"CGO_ENABLED", "0"});
  const auto front = places.programs + host.list_separator + host.join(places.data, "gopath/bin");
  changes.push_back({"PATH", prepend(front, path, host.list_separator)});
  return changes;
}

bool may_choose_by_project(const Settings& settings, const Inherited& inherited) {
  const auto own = setting(settings, "GOTOOLCHAIN").value_or("");
  if (!settings.chooses_by_project || (!own.empty() && own != "local")) return false;
  if (inherited("GO111MODULE") == "off") return false;
  const auto asked = inherited("GOTOOLCHAIN").value_or("");
  return asked.empty() || contains(launch::kChoosingToolchain, asked);
}

std::vector<std::string> ignored(const Places& places, const Settings& settings, std::string_view release,
                                 const Inherited& inherited, const Host& host) {
  std::vector<std::string> lines;
  const auto toolchain = inherited("GOTOOLCHAIN").value_or("");
  const bool is_met = toolchain.empty() || contains(launch::kAnyToolchain, toolchain) ||
                      toolchain == setting(settings, "GOTOOLCHAIN") ||
                      toolchain.substr(0, toolchain.rfind('+')) == release;
  if (!is_met)
    lines.push_back(launch::fill(launch::message::other_release,
                                 {toolchain, release, host.switcher(), host.settings_name()}));
  if (!places.has_cgo && inherited("CGO_ENABLED") == "1") lines.emplace_back(launch::message::no_cgo);
  return lines;
}

}  // namespace gopack::launcher
