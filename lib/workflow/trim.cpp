#include "gopack/workflow/trim.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>

#include "gopack/base/error.hpp"
#include "gopack/base/filesystem.hpp"
#include "gopack/base/parallel.hpp"
#include "gopack/store/trees.hpp"
#include "gopack/target/space_estimate.hpp"
#include "lay_out.hpp"
#include "mismatches.hpp"
#include "trim_release.hpp"

namespace gopack::workflow {

namespace {

// Counts what a tree would take.
class MeasuringSink final : public tree::TreeSink {
 public:
  explicit MeasuringSink(target::TreeSpace& room) : room_(room) {}
  void add(const tree::Entry& entry, ByteSource&) override { room_.add(entry.path, entry.size); }

 private:
  target::TreeSpace& room_;
};

// Reads the archives once more for it, but only where room may be short.
void require_room(const Session& session, const std::vector<ReleaseArchives>& releases,
                  const TrimOptions& options) {
  constexpr std::uint64_t kLargestGrowth = 40;  // of a release that is unpacked on blocks of 128 KiB
  constexpr std::uint64_t kMostFiles = 40'000;  // in a release
  const auto space = space_of(session.store.home());
  std::uint64_t packed = 0;
  for (const auto& release : releases) {
    for (const auto& archive : release.archives) packed += archive.bytes;
  }
  if (packed <= space.available / kLargestGrowth && releases.size() <= space.files / kMostFiles) return;
  target::SpaceEstimate need(space);
  for (const auto& release : releases) {
    auto room = need.for_tree();
    MeasuringSink sink(room);
    const auto resolved = resolve_profile(release, options.profile, options.targets);
    trim::Filter filter(resolved.profile, resolved.targets, sink);
    lay_out(session, release.archives, {filter});
    need.add(room);
  }
  need.require(fmt::format("lay releases out in {}", printable(session.store.path())));
}

// The newest release, rather one that this machine can start, and the tree that does the most of it.
const Tree& newest_of(const std::vector<Trimmed>& sorted) {
  const auto runs_here = [](const Trimmed& trimmed) {
    return trimmed.tree.serves(release::Platform::host());
  };
  const auto found = std::find_if(sorted.rbegin(), sorted.rend(), runs_here);
  const auto& newest = found != sorted.rend() ? *found : sorted.back();
  const auto widest = std::max_element(
      newest.superseded_by.begin(), newest.superseded_by.end(),
      [](const Tree& a, const Tree& b) { return a.manifest.platforms.size() < b.manifest.platforms.size(); });
  return widest != newest.superseded_by.end() ? *widest : newest.tree;
}

void find_superseded(const Session& session, TreeHeads& heads, std::vector<Trimmed>& trimmed) {
  for (const auto& one : trimmed) heads.add(one.tree);
  heads.for_each(session.store, session.reporter, [&](const Tree& tree) {
    for (auto& one : trimmed) {
      if (store::supersedes(one.tree, tree)) one.superseded.push_back(tree);
      if (store::supersedes(tree, one.tree)) one.superseded_by.push_back(tree);
    }
  });
  for (auto& one : trimmed) {
    std::sort(one.superseded.begin(), one.superseded.end(), store::is_listed_before);
    std::sort(one.superseded_by.begin(), one.superseded_by.end(), store::is_listed_before);
  }
}

void choose_current(const store::Store& store, const std::vector<Trimmed>& trimmed) {
  const auto pointer = store.pointer();
  const auto current = pointer.current();
  auto wanted = current && store.trees().is_known(*current) ? *current : newest_of(trimmed).id;
  for (const auto& newer : trimmed) {
    const bool takes_its_place = std::any_of(newer.superseded.begin(), newer.superseded.end(),
                                             [&](const Tree& tree) { return tree.id == wanted; });
    if (takes_its_place) wanted = newer.tree.id;
  }
  pointer.switch_to(wanted, store.durable());
}

}  // namespace

std::vector<Trimmed> trim(const Session& session, const TrimOptions& options) {
  const auto lock = session.store.lock(session.lock_patience, session.stop);
  const auto releases = options.archives.empty()
                            ? find_releases(session.store, options.selectors, options.platforms)
                            : group_by_release(options.archives);
  // A mistake in the profile shows before anything is read.
  for (const auto& release : releases)
    require_served(release, resolve_profile(release, options.profile, options.targets).profile);
  if (!options.dry_run) require_room(session, releases, options);
  std::mutex store_mutex;  // staging and publication, one at a time
  TreeHeads heads;
  Mismatches mismatches;
  std::vector<std::optional<Trimmed>> slots(releases.size());
  const auto at_a_time = static_cast<unsigned>(std::clamp<std::size_t>(releases.size(), 1, session.jobs));
  run_parallel(releases.size(), session.jobs, [&](std::size_t i) {
    slots[i] = trim_release({session, options, session.jobs / at_a_time, store_mutex, heads, mismatches},
                            releases[i]);
  });
  for (const auto& line : mismatches.lines()) session.reporter.warning(line);
  std::vector<Trimmed> trimmed;
  for (auto& slot : slots) {
    if (slot) trimmed.push_back(std::move(*slot));
  }
  if (!options.dry_run && !trimmed.empty()) {
    find_superseded(session, heads, trimmed);
    choose_current(session.store, trimmed);
  }
  return trimmed;
}

}  // namespace gopack::workflow
