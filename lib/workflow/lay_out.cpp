#include "lay_out.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gopack/base/error.hpp"
#include "gopack/release/releases.hpp"
#include "gopack/release/sdk_layout.hpp"
#include "gopack/release/shared_commands.hpp"

namespace gopack::workflow {

using release::Platform;

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
    acquire::Pass{archive, session.limits, destination.writable, session.stop}.over(file, layout);
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
  const archive::ReadPlan everything{[](const archive::IndexedFile&) { return true; }, session.jobs};
  ReleaseFiles(session, archives).give(destination, destination.writable != nullptr ? &everything : nullptr);
}

store::Staging stage(const Session& session, const std::vector<store::Archive>& archives) {
  for (;;) {  // each time with one index less
    try {
      auto staging = session.store.stage();
      lay_out(session, archives, {staging.writer(), &staging.directory()});
      return staging;
    } catch (const archive::IndexMismatch& mismatch) {
      session.reporter.detail(mismatch.text());
    }
  }
}

}  // namespace gopack::workflow
