// The archives of a store's downloads, by the release that a tree is made of. Not thread-safe.
#pragma once

#include <string>
#include <vector>

#include "gopack/release/platform.hpp"
#include "gopack/release/version.hpp"
#include "gopack/store/store.hpp"
#include "gopack/tree/manifest.hpp"

namespace gopack::store {

// What one tree is made of: an archive for each platform.
struct ReleaseArchives {
  release::Version version;
  std::vector<Archive> archives;  // sorted by platform
};

// The fetched releases that the selectors choose (none: all), with those of their platforms that are named
// (none: all). Sorted by release. Throws Error.
std::vector<ReleaseArchives> find_releases(const Store& store, const std::vector<std::string>& selectors,
                                           const std::vector<std::string>& platforms);

// These archives, by release.
std::vector<ReleaseArchives> group_by_release(const std::vector<Archive>& archives);

// The one of them that `selector` means. Throws Error, also (usage) when it means several.
ReleaseArchives find_release(const Store& store, const std::string& selector,
                             const std::vector<std::string>& platforms);

// What the tree of that manifest was made of. Throws Error (failed) when an archive is not in downloads/ any
// more.
ReleaseArchives archives_of(const Store& store, const tree::Manifest& manifest);

std::vector<release::Platform> platforms_of(const std::vector<Archive>& archives);

}  // namespace gopack::store
