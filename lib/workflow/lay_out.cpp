#include "lay_out.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "gopack/base/error.hpp"
#include "gopack/release/releases.hpp"
#include "gopack/release/sdk_layout.hpp"
#include "gopack/release/selector.hpp"
#include "gopack/release/shared_commands.hpp"
#include "gopack/store/catalog.hpp"

namespace gopack::workflow {

namespace {

using release::Platform;
using release::Version;

// Where both are there, the official archive has more in it than the module.
void add_archive(ReleaseArchives& release, const store::Archive& archive) {
  const auto same = std::find_if(release.archives.begin(), release.archives.end(),
                                 [&](const auto& other) { return other.platform == archive.platform; });
  if (same == release.archives.end()) {
    release.archives.push_back(archive);
  } else if (same->is_module && !archive.is_module) {
    *same = archive;
  }
}

}  // namespace

std::vector<ReleaseArchives> group_by_release(const std::vector<store::Archive>& archives) {
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

std::vector<ReleaseArchives> find_releases(const Session& session, const std::vector<std::string>& selectors,
                                           const std::vector<std::string>& platforms) {
  auto archives = session.store.downloads().list();
  if (archives.empty()) {
    throw Error(ErrorKind::failed,
                fmt::format("there is nothing to lay out in {}", printable(session.store.path())))
        .with_hint(fmt::format("fetch a release first: {}", session.store.command("fetch latest")));
  }
  const auto wanted = platforms.empty() ? release::PlatformChoice{.all = true, .named = {}}
                                        : release::parse_platforms(platforms);
  release::Releases fetched;
  for (const auto& archive : archives) fetched[archive.version].insert(archive.platform);
  release::require_known(wanted, fetched);
  std::erase_if(archives, [&](const store::Archive& archive) { return !wanted.contains(archive.platform); });
  auto releases = group_by_release(archives);
  if (releases.empty()) {
    throw Error(ErrorKind::failed, fmt::format("nothing that is fetched in {} is for {}",
                                               printable(session.store.path()), wanted.text()))
        .with_hint(fmt::format("fetch it first: {}; {} shows what there is",
                               session.store.command("fetch latest -p PLATFORM"),
                               session.store.command("list")));
  }
  std::vector<Version> versions;
  for (const auto& release : releases) versions.push_back(release.version);
  std::vector<release::Selector> parsed;
  for (const auto& text : selectors) parsed.push_back(release::parse_selector(text));
  if (!parsed.empty()) {
    versions = in_context("choosing among the fetched releases", [&] {
      return release::resolve_all(parsed, versions, {.all_patches = false, .prereleases = false});
    });
  }
  std::erase_if(releases, [&](const ReleaseArchives& release) {
    return std::find(versions.begin(), versions.end(), release.version) == versions.end();
  });
  return releases;
}

ReleaseArchives find_release(const Session& session, const std::string& selector,
                             const std::vector<std::string>& platforms) {
  auto releases = find_releases(session, {selector}, platforms);
  if (releases.size() == 1) return std::move(releases.front());
  throw Error(ErrorKind::usage,
              fmt::format("\"{}\" means {} releases; one is wanted", printable(selector), releases.size()));
}

std::vector<Platform> platforms_of(const std::vector<store::Archive>& archives) {
  std::vector<Platform> platforms;
  for (const auto& archive : archives) platforms.push_back(archive.platform);
  return platforms;
}

ReleaseArchives archives_of(const Session& session, const tree::Manifest& manifest) {
  ReleaseArchives release{Version::try_parse(manifest.release).value(), {}};
  for (const auto& origin : manifest.origins) {
    const auto archive =
        session.store.has_downloads() ? session.store.downloads().find(origin.file) : std::nullopt;
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

ResolvedProfile resolve_profile(const ReleaseArchives& release, const std::string& profile,
                                const std::vector<std::string>& targets) {
  auto loaded = trim::Profile::load(profile, release.version);
  auto resolved = loaded.build_targets(platforms_of(release.archives), release::split_commas(targets));
  return {std::move(loaded), std::move(resolved)};
}

void require_served(const ReleaseArchives& release, const trim::Profile& profile) {
  const auto is_module = [](const store::Archive& archive) { return archive.is_module; };
  if (!std::all_of(release.archives.begin(), release.archives.end(), is_module)) return;
  for (const auto& rule : profile.rules()) {
    const auto& pattern = rule.pattern.text();
    if (rule.action != trim::Action::keep || !release::is_outside_module(pattern)) continue;
    const auto* last = profile.decide(pattern.ends_with('/') ? pattern + "file" : pattern);
    if (last != nullptr && last->action == trim::Action::drop) continue;
    const auto wish = rule.capabilities.empty()
                          ? fmt::format("the rule {} keeps {}", rule.location.text(), printable(pattern))
                          : fmt::format("the capability {} needs {}", rule.capabilities, pattern);
    throw Error(
        ErrorKind::failed,
        fmt::format("cannot lay {} out for {}: {}, and Go's module of the release, which is all that was "
                    "fetched, lacks api, doc, misc and test",
                    release.version.name(), printable(profile.name()), wish))
        .with_hint(
            fmt::format("fetch the archive, which has them: `gopack fetch {} --source official`, or from a "
                        "mirror",
                        release.version.name().substr(2)));
  }
}

trim::Report report_head(const tree::Manifest& manifest) {
  return {.release = manifest.release,
          .platforms = manifest.platforms,
          .profile = manifest.profile,
          .id = manifest.files.empty() ? std::string() : manifest.id().text(),
          .rules = {},
          .files = {}};
}

void lay_out_archive(const Session& session, const store::Archive& archive, File& file,
                     const std::vector<Platform>& platforms, const Destination& destination) {
  release::SdkLayout layout(destination.sink, archive.platform, platforms, archive.is_module);
  in_context(fmt::format("laying out {}", archive.file), [&] {
    acquire::pass_over(file, {archive.version, archive.platform, archive.is_module}, session.limits, layout,
                       destination.writable, session.stop);
    layout.require_release();
  });
}

ReleaseFiles::ReleaseFiles(const Session& session, const std::vector<store::Archive>& archives)
    : downloads_(session.store.downloads()) {
  for (const auto& archive : archives)
    archives_.emplace_back(downloads_, archive, session.limits, session.stop);
}

bool ReleaseFiles::is_indexed() const {
  return std::all_of(archives_.begin(), archives_.end(),
                     [](const auto& files) { return files.is_indexed(); });
}

void ReleaseFiles::give(const Destination& destination, const archive::ReadPlan* plan) {
  std::vector<Platform> platforms;
  for (const auto& files : archives_) platforms.push_back(files.archive().platform);
  for (auto& files : archives_) {
    const auto& archive = files.archive();
    release::SdkLayout layout(destination.sink, archive.platform, platforms, archive.is_module);
    in_context(fmt::format("laying out {}", archive.file), [&] {
      files.give(layout, destination.writable, plan);
      layout.require_release();
    });
  }
  release::add_shared_commands(platforms, destination.sink);
}

void lay_out(const Session& session, const std::vector<store::Archive>& archives,
             const Destination& destination) {
  ReleaseFiles(session, archives).give(destination);
}

}  // namespace gopack::workflow
