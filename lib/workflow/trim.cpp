#include "gopack/workflow/trim.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <mutex>

#include "gopack/archive/unpack.hpp"
#include "gopack/base/error.hpp"
#include "gopack/base/parallel.hpp"
#include "gopack/release/sdk_layout.hpp"
#include "lay_out.hpp"

namespace gopack::workflow {

namespace {

using release::Platform;
using release::Version;

// What one tree is made of: an archive for each platform.
struct Plan {
  Version version;
  std::vector<store::Archive> archives;  // sorted by platform
};

// Where both are there, the official archive has more in it than the module.
void add_archive(Plan& plan, const store::Archive& archive) {
  const auto same = std::find_if(plan.archives.begin(), plan.archives.end(),
                                 [&](const auto& other) { return other.platform == archive.platform; });
  if (same == plan.archives.end()) {
    plan.archives.push_back(archive);
  } else if (same->is_module && !archive.is_module) {
    *same = archive;
  }
}

std::vector<Plan> make_plans(const Session& session, const TrimOptions& options) {
  const auto archives = session.store.downloads().list();
  if (archives.empty()) {
    throw Error(ErrorKind::failed,
                fmt::format("there is nothing to lay out in {}", printable(session.store.path())))
        .with_hint("fetch a release first: `gopack fetch latest`");
  }
  const auto platforms = options.platforms.empty() ? PlatformChoice{.all = true, .named = {}}
                                                   : parse_platforms(options.platforms);
  std::map<Version, Plan> plans;
  for (const auto& archive : archives) {
    if (!platforms.contains(archive.platform)) continue;
    auto& plan = plans[archive.version];
    plan.version = archive.version;
    add_archive(plan, archive);
  }
  std::vector<Version> versions;
  for (const auto& [version, plan] : plans) versions.push_back(version);
  std::vector<release::Selector> selectors;
  for (const auto& text : options.selectors) selectors.push_back(parse_selector(text));
  if (!selectors.empty()) {
    versions = in_context("choosing among the fetched releases", [&] {
      return release::resolve_all(selectors, versions, {.all_patches = false, .prereleases = false});
    });
  }
  std::vector<Plan> chosen;
  for (const auto& version : versions) chosen.push_back(plans.at(version));
  return chosen;
}

// Takes files and forgets them: a dry run.
class NullSink final : public tree::TreeSink {
 public:
  void add(const tree::Entry&, ByteSource&) override {}
};

// What a plan's tree is for.
struct Purpose {
  trim::Profile profile;
  std::optional<trim::BuildTargets> targets;
};

Purpose purpose_of(const Plan& plan, const TrimOptions& options) {
  auto profile = trim::Profile::load(options.profile, plan.version);
  std::vector<Platform> hosts;
  for (const auto& archive : plan.archives) hosts.push_back(archive.platform);
  auto targets = profile.build_targets(hosts, split_commas(options.targets));
  return {std::move(profile), std::move(targets)};
}

tree::Manifest describe(const Plan& plan, const Purpose& purpose) {
  const auto& profile = purpose.profile;
  tree::Manifest manifest;
  manifest.release = plan.version.name();
  manifest.profile = profile.name();
  manifest.profile_sha256 = profile.sha256();
  manifest.capabilities = profile.capabilities();
  if (purpose.targets) {
    for (const auto& target : purpose.targets->targets()) manifest.targets.push_back(target.text());
  }
  for (const auto& archive : plan.archives) {
    manifest.platforms.push_back(archive.platform.text());
    manifest.origins.push_back(archive.origin());
  }
  return manifest;
}

Explanation to_explanation(const Version& version, const trim::Rule* rule) {
  if (rule != nullptr) {
    return {version.name(), rule->action,       rule->pattern.text(), rule->location.text(),
            rule->category, rule->capabilities, rule->reason};
  }
  return {.release = version.name(),
          .action = trim::Action::keep,
          .rule = {},
          .location = {},
          .category = "sdk",
          .capabilities = {},
          .reason = "no rule of the profile matches it"};
}

// Gives what is kept of a plan to `sink`, and tells what was kept and dropped.
void lay_out_kept(const Session& session, const Plan& plan, const Purpose& purpose, tree::TreeSink& sink,
                  Trimmed& trimmed) {
  trim::Filter filter(purpose.profile, purpose.targets, sink);
  std::optional<trim::ReportCollector> report;
  if (trimmed.report) {
    report.emplace(*trimmed.report);
    filter.on_decision([&](const tree::Entry& entry, const trim::Rule* rule) { report->add(entry, rule); });
  }
  lay_out(session, plan.archives, filter);
  trimmed.table = filter.table();
  trimmed.on_disk = filter.on_disk();
  if (report) trimmed.report = std::move(*report).take();
}

// Lays one release out.
Trimmed lay_out_tree(const Session& session, const Plan& plan, const TrimOptions& options,
                     std::mutex& store_mutex) {
  const auto purpose = purpose_of(plan, options);
  auto manifest = describe(plan, purpose);
  Trimmed trimmed{
      .tree = {manifest.id(), manifest}, .table = {}, .on_disk = {}, .was_there = false, .report = {}};
  if (options.report) {
    trimmed.report = trim::Report{.release = manifest.release,
                                  .platforms = manifest.platforms,
                                  .profile = manifest.profile,
                                  .id = {},
                                  .rules = {},
                                  .files = {}};
  }
  if (options.dry_run) {
    NullSink nowhere;
    lay_out_kept(session, plan, purpose, nowhere, trimmed);
    return trimmed;
  }
  std::unique_lock lock(store_mutex);
  auto staging = session.store.stage();
  lock.unlock();
  lay_out_kept(session, plan, purpose, staging.writer(), trimmed);
  manifest.files = staging.writer().files();
  lock.lock();
  trimmed.was_there = session.store.has(manifest.id());
  const auto id = std::move(staging).commit(manifest);
  trimmed.tree = {id, trimmed.was_there ? session.store.manifest(id) : std::move(manifest)};
  if (trimmed.report) trimmed.report->id = id.text();
  return trimmed;
}

}  // namespace

void lay_out(const Session& session, const std::vector<store::Archive>& archives, tree::TreeSink& sink) {
  std::vector<Platform> platforms;
  for (const auto& archive : archives) platforms.push_back(archive.platform);
  const auto downloads = session.store.downloads();
  for (const auto& archive : archives) {
    auto file = downloads.open_proved(archive);
    const auto root = archive.is_module ? release::toolchain_module_root(archive.version, archive.platform)
                                        : release::kArchiveRoot;
    release::SdkLayout layout(sink, archive.platform, platforms, archive.is_module);
    in_context(fmt::format("laying out {}", archive.file),
               [&] { archive::unpack(file, {.root = root, .limits = {}}, layout, session.stop); });
  }
}

std::vector<Trimmed> trim(const Session& session, const TrimOptions& options) {
  const auto lock = session.store.lock(session.lock_patience);
  const auto plans = make_plans(session, options);
  if (options.report && plans.size() != 1) {
    throw Error(ErrorKind::usage,
                fmt::format("cannot report on {} releases: a report shows one", plans.size()))
        .with_hint("name one of them, such as `latest`");
  }
  // A mistake in the profile shows before anything is read.
  for (const auto& plan : plans) purpose_of(plan, options);
  std::mutex store_mutex;  // staging and publication, one at a time
  std::vector<std::optional<Trimmed>> slots(plans.size());
  run_parallel(plans.size(), session.jobs,
               [&](std::size_t i) { slots[i] = lay_out_tree(session, plans[i], options, store_mutex); });
  std::vector<Trimmed> trimmed;
  for (auto& slot : slots) trimmed.push_back(std::move(*slot));
  const auto pointer = session.store.pointer();
  if (!options.dry_run && !trimmed.empty() && !pointer.current()) {
    pointer.switch_to(trimmed.front().tree.id, session.store.durable());
  }
  return trimmed;
}

std::vector<Explanation> explain(const Session& session, const TrimOptions& options,
                                 const std::string& path) {
  std::vector<Explanation> explanations;
  for (const auto& plan : make_plans(session, options)) {
    const auto purpose = purpose_of(plan, options);
    NullSink nowhere;
    trim::Filter filter(purpose.profile, purpose.targets, nowhere);
    filter.on_decision([&](const tree::Entry& entry, const trim::Rule* rule) {
      if (entry.path.text() == path) explanations.push_back(to_explanation(plan.version, rule));
    });
    lay_out(session, plan.archives, filter);
  }
  if (!explanations.empty()) return explanations;
  throw Error(ErrorKind::usage, fmt::format("there is no file {} in these releases", printable(path)))
      .with_hint("name a file below the SDK's root, such as src/net/http/server.go");
}

}  // namespace gopack::workflow
