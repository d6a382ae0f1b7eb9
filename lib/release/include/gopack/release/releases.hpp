// Which releases there are for which platforms, and which of both the user asks for. Pure; safe for
// concurrent use.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "gopack/release/platform.hpp"
#include "gopack/release/version.hpp"

namespace gopack::release {

// The words of texts that may hold several, separated by commas, without blanks around them.
std::vector<std::string> split_commas(const std::vector<std::string>& texts);

// The platforms that the user asks for; "host" is this machine's, "all" stands for every one there is.
struct PlatformChoice {
  bool all = false;
  std::vector<Platform> named;

  bool contains(const Platform& platform) const;
  std::string text() const;  // for messages: "linux/amd64, windows/amd64"
};
// Each text may hold several, separated by commas; none means host. Throws Error (usage).
PlatformChoice parse_platforms(const std::vector<std::string>& texts);

using Releases = std::map<Version, std::set<Platform>>;

Releases merged(Releases releases, const Releases& more);

// Releases that exist for every platform that is named: one release is the same on all of them.
std::vector<Version> versions_for(const Releases& releases, const PlatformChoice& platforms);

// Throws Error (usage) for a platform that is named and that neither Go nor `releases` know.
void require_known(const PlatformChoice& platforms, const Releases& releases);

}  // namespace gopack::release
