#include "releases.hpp"

#include <algorithm>

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

}  // namespace gopack::workflow
