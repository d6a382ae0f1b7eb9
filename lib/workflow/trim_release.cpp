#include "trim_release.hpp"

#include <functional>

#include "gopack/store/shared_files.hpp"
#include "gopack/store/trees.hpp"
#include "release_time.hpp"
#include "tree_sinks.hpp"

namespace gopack::workflow {

namespace {

tree::Manifest describe(const ReleaseArchives& release, const ResolvedProfile& resolved) {
  const auto& profile = resolved.profile;
  tree::Manifest manifest;
  manifest.release = release.version.name();
  manifest.profile = profile.name();
  manifest.profile_sha256 = profile.sha256();
  manifest.capabilities = profile.capabilities();
  if (resolved.targets) {
    for (const auto& target : resolved.targets->targets()) manifest.targets.push_back(target.text());
  }
  for (const auto& archive : release.archives) {
    manifest.platforms.push_back(archive.platform.text());
    manifest.origins.push_back(archive.origin());
  }
  return manifest;
}

class ReleaseTrimmer {
 public:
  ReleaseTrimmer(const TrimContext& context, const ReleaseArchives& release)
      : context_(context),
        release_(release),
        resolved_(resolve_profile(release, context.options.profile, context.options.targets)),
        files_(context.session, release.archives),
        manifest_(describe(release, resolved_)) {
    manifest_.stripped = context.options.strip;
    if (context.options.report) trimmed_.report = report_head(manifest_);
  }

  Trimmed run() && {
    while (!try_once()) start_over();  // each time with one index less
    trimmed_.tree = {manifest_.id(), std::move(manifest_)};
    if (trimmed_.report && !context_.options.dry_run) trimmed_.report->id = trimmed_.tree.id.text();
    return std::move(trimmed_);
  }

 private:
  // Gives what is kept to the destination, and tells what was kept and dropped.
  void filter(const Destination& destination) {
    trim::Filter filter(resolved_.profile, resolved_.targets, destination.sink);
    if (manifest_.stripped) filter.strip_programs();
    std::optional<trim::ReportCollector> report;
    if (trimmed_.report) {
      report.emplace(*trimmed_.report);
      filter.on_decision([&](const tree::Entry& entry, const trim::Rule* rule) { report->add(entry, rule); });
    }
    files_.give({filter, destination.writable});
    context_.mismatches.add(release_.version, resolved_.profile, filter);
    trimmed_.table = filter.table();
    trimmed_.on_disk = filter.on_disk();
    if (report) trimmed_.report = std::move(*report).take();
  }

  // False where an index turns out to be wrong. Nothing of what was made is left then.
  bool try_once() {
    try {
      if (context_.options.dry_run) {
        NullSink nowhere;
        filter({nowhere});
      } else if (!files_.is_indexed() || context_.options.strip || !make_by_index()) {
        make([&](store::Staging& staging, tree::TreeSink& sink) {
          filter({sink, &staging.directory()});
          return staging.writer().files();
        });
      }
      return true;
    } catch (const archive::IndexMismatch& mismatch) {
      context_.session.reporter.detail(mismatch.text());
      return false;
    }
  }

  void start_over() {
    looked_in_.clear();
    manifest_.files.clear();
    if (trimmed_.report) trimmed_.report = report_head(manifest_);
  }

  // What the tree holds is known before anything is written: one that is there is not made again. False where
  // the archives contradict each other, which is for make() to tell.
  bool make_by_index() {
    ListingSink listing;
    filter({listing});
    if (listing.has_conflict()) {
      start_over();
      return false;
    }
    for (auto& [path, file] : std::move(listing).take()) manifest_.files.push_back(std::move(file));
    if (find_existing()) return true;
    make([&, files = manifest_.files](store::Staging& staging, tree::TreeSink& sink) {
      auto rest = share(staging, files);
      if (rest.empty()) return rest;
      ChosenSink chosen(rest, sink);
      const archive::ReadPlan plan{
          [&](const archive::IndexedFile& file) { return chosen.awaits(file.sha256); }, context_.threads};
      files_.give({chosen, &staging.directory()}, &plan);
      return rest;
    });
    return true;
  }

  // What other trees have of `files`; returns the others. Nothing is looked for where it was looked for
  // before.
  std::vector<tree::ManifestFile> share(store::Staging& staging, std::vector<tree::ManifestFile> files) {
    const auto& store = context_.session.store;
    const std::lock_guard lock(context_.store);
    auto trees = store.trees().known();
    if (trees == looked_in_) return files;
    looked_in_ = std::move(trees);
    const store::ShareSource source{.store = store,
                                    .seen = [&](const Tree& tree) { context_.heads.add(tree); }};
    return store::share_files(files, source, staging.writer(),
                              {context_.session.reporter, context_.session.stop, context_.threads});
  }

  bool find_existing() {
    const std::lock_guard lock(context_.store);
    take(context_.session.store.trees().find_whole(manifest_.id()));
    return trimmed_.was_there;
  }

  // A tree that is there keeps its manifest, and so the name of the profile that made it.
  void take(std::optional<tree::Manifest> existing) {
    trimmed_.was_there = existing.has_value();
    if (!existing) return;
    if (existing->profile != manifest_.profile) trimmed_.asked_profile = manifest_.profile;
    manifest_ = std::move(*existing);
  }

  // `write` returns what it has written that other trees may have as well.
  void make(const std::function<std::vector<tree::ManifestFile>(store::Staging&, tree::TreeSink&)>& write) {
    std::unique_lock lock(context_.store);
    auto staging = context_.session.store.stage();
    lock.unlock();
    VersionTimeSink sink(staging.writer());
    share(staging, write(staging, sink));
    set_release_time(staging, sink.time());
    manifest_.files = staging.writer().files();
    lock.lock();
    auto existing = context_.session.store.trees().find_whole(manifest_.id());
    std::move(staging).commit(manifest_);
    take(std::move(existing));
  }

  const TrimContext& context_;
  const ReleaseArchives& release_;
  ResolvedProfile resolved_;
  ReleaseFiles files_;
  tree::Manifest manifest_;
  std::vector<tree::StoreId> looked_in_;  // by share()
  Trimmed trimmed_{.tree = {manifest_.id(), {}},
                   .table = {},
                   .on_disk = {},
                   .was_there = false,
                   .asked_profile = {},
                   .superseded = {},
                   .superseded_by = {},
                   .report = {}};
};

}  // namespace

Trimmed trim_release(const TrimContext& context, const ReleaseArchives& release) {
  return ReleaseTrimmer(context, release).run();
}

}  // namespace gopack::workflow
