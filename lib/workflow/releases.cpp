#include "releases.hpp"

#include <algorithm>

#include "gopack/release/platform_names.hpp"

namespace gopack::workflow {

Releases merged(Releases releases, const Releases& more) {
  for (const auto& [version, platforms] : more) releases[version].insert(platforms.begin(), platforms.end());
  return releases;
}

std::vector<release::Version> versions_for(const Releases& releases, const PlatformChoice& platforms) {
  std::vector<release::Version> versions;
  for (const auto& [version, offered] : releases) {
    const auto& has = offered;  // clang 14 captures no structured binding
    const bool whole = std::all_of(platforms.named.begin(), platforms.named.end(),
                                   [&](const auto& platform) { return has.contains(platform); });
    if (whole) versions.push_back(version);
  }
  return versions;
}

void require_known(const PlatformChoice& platforms, const Releases& releases) {
  auto known = release::known_platforms();
  for (const auto& [version, offered] : releases) known.insert(known.end(), offered.begin(), offered.end());
  for (const auto& platform : platforms.named) {
    if (std::find(known.begin(), known.end(), platform) == known.end())
      throw release::unknown_platform(platform.text(), "platform", known);
  }
}

}  // namespace gopack::workflow
