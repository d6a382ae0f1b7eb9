#include "gopack/store/release_archives.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "gopack/base/error.hpp"
#include "gopack/base/shell_word.hpp"
#include "gopack/release/releases.hpp"
#include "gopack/release/selector.hpp"

namespace gopack::store {

namespace {

using release::Platform;
using release::Version;

// Where both are there, the official archive has more in it than the module.
void add_archive(ReleaseArchives& release, const Archive& archive) {
  const auto same = std::find_if(release.archives.begin(), release.archives.end(),
                                 [&](const auto& other) { return other.platform == archive.platform; });
  if (same == release.archives.end()) {
    release.archives.push_back(archive);
  } else if (same->is_module && !archive.is_module) {
    *same = archive;
  }
}

// What is not there has to be fetched.
std::vector<Version> choose_fetched(const Store& store, const std::vector<release::Selector>& selectors,
                                    const std::vector<Version>& fetched) {
  std::set<Version> chosen;
  for (const auto& selector : selectors) {
    try {
      const auto versions = selector.resolve(fetched, {.all_patches = false, .prereleases = false});
      chosen.insert(versions.begin(), versions.end());
    } catch (Error& error) {
      const auto fetch = store.command("fetch " + shell_word(selector.text()));
      error.with_context("choosing among the fetched releases")
          .with_hint(fmt::format("fetch it first: {}; {}", fetch, error.hint()));
      throw;
    }
  }
  return {chosen.begin(), chosen.end()};
}

}  // namespace

std::vector<ReleaseArchives> group_by_release(const std::vector<Archive>& archives) {
  std::map<Version, ReleaseArchives> releases;
  for (const auto& archive : archives) {
    auto& release = releases[archive.version];
    release.version = archive.version;
    add_archive(release, archive);
  }
  std::vector<ReleaseArchives> grouped;
  for (auto& [version, release] : releases) grouped.push_back(std::move(release));
  return grouped;
}

std::vector<ReleaseArchives> find_releases(const Store& store, const std::vector<std::string>& selectors,
                                           const std::vector<std::string>& platforms) {
  auto archives = store.downloads().list();
  if (archives.empty()) {
    throw Error(ErrorKind::failed, fmt::format("there is nothing to lay out in {}", printable(store.path())))
        .with_hint(fmt::format("fetch a release first: {}", store.command("fetch latest")));
  }
  const auto wanted = platforms.empty() ? release::PlatformChoice{.all = true, .named = {}}
                                        : release::parse_platforms(platforms);
  release::Releases fetched;
  for (const auto& archive : archives) fetched[archive.version].insert(archive.platform);
  release::require_known(wanted, fetched);
  std::erase_if(archives, [&](const Archive& archive) { return !wanted.contains(archive.platform); });
  auto releases = group_by_release(archives);
  if (releases.empty()) {
    throw Error(ErrorKind::failed, fmt::format("nothing that is fetched in {} is for {}",
                                               printable(store.path()), wanted.text()))
        .with_hint(fmt::format("fetch it first: {}; {} shows what there is",
                               store.command("fetch latest -p PLATFORM"), store.command("list")));
  }
  std::vector<Version> versions;
  for (const auto& release : releases) versions.push_back(release.version);
  std::vector<release::Selector> parsed;
  for (const auto& text : selectors) parsed.push_back(release::parse_selector(text));
  if (!parsed.empty()) versions = choose_fetched(store, parsed, versions);
  std::erase_if(releases, [&](const ReleaseArchives& release) {
    return std::find(versions.begin(), versions.end(), release.version) == versions.end();
  });
  return releases;
}

ReleaseArchives find_release(const Store& store, const std::string& selector,
                             const std::vector<std::string>& platforms) {
  auto releases = find_releases(store, {selector}, platforms);
  if (releases.size() == 1) return std::move(releases.front());
  throw Error(ErrorKind::usage,
              fmt::format("\"{}\" means {} releases; one is wanted", printable(selector), releases.size()));
}

std::vector<Platform> platforms_of(const std::vector<Archive>& archives) {
  std::vector<Platform> platforms;
  for (const auto& archive : archives) platforms.push_back(archive.platform);
  return platforms;
}

ReleaseArchives archives_of(const Store& store, const tree::Manifest& manifest) {
  ReleaseArchives release{Version::parse(manifest.release), {}};
  for (const auto& origin : manifest.origins) {
    const auto archive = store.has_downloads() ? store.downloads().find(origin.file) : std::nullopt;
    if (!archive || archive->sha256 != origin.sha256) {
      throw Error(ErrorKind::failed,
                  fmt::format("cannot lay the whole {} out: {} is not in downloads/ any more",
                              manifest.release, printable(origin.file)))
          .with_hint("fetch it again");
    }
    release.archives.push_back(*archive);
  }
  return release;
}

}  // namespace gopack::store
