// Which releases there are, and for which platforms. Private to workflow.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "gopack/release/platform.hpp"
#include "gopack/release/version.hpp"
#include "gopack/workflow/choose.hpp"

namespace gopack::workflow {

using Releases = std::map<release::Version, std::set<release::Platform>>;

Releases merged(Releases releases, const Releases& more);

// Those that are there for every platform asked for: one release is the same on all of them.
std::vector<release::Version> versions_for(const Releases& releases, const PlatformChoice& platforms);

// Throws Error (usage) for a platform that was named and that neither Go nor `releases` know.
void require_known(const PlatformChoice& platforms, const Releases& releases);

}  // namespace gopack::workflow
