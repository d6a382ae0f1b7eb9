#include "gopack/workflow/sync.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "gopack/base/error.hpp"
#include "gopack/base/replace.hpp"
#include "gopack/bundle/bundle_target.hpp"
#include "gopack/bundle/leaving_trees.hpp"
#include "gopack/bundle/place.hpp"
#include "gopack/store/trees.hpp"
#include "gopack/target/fit.hpp"
#include "gopack/target/probe.hpp"

namespace gopack::workflow {

namespace {

bool has(const std::vector<Tree>& trees, const std::optional<tree::StoreId>& id) {
  return id && std::any_of(trees.begin(), trees.end(), [&](const Tree& tree) { return tree.id == *id; });
}

tree::StoreId choose_current(const Session& session, const SyncOptions& options,
                             const std::optional<store::Store>& target, const std::vector<Tree>& trees) {
  const auto own = target ? target->pointer().current() : std::nullopt;
  const bool stays =
      target && own && target->trees().is_complete(*own) && (!options.delete_others || has(trees, own));
  if (stays && !options.use) return *own;
  const auto here = session.store.pointer().current();
  return here && has(trees, here) ? *here : trees.back().id;
}

// gopack itself for other systems, where the bundle has it.
std::vector<bundle::BundleFile> programs_of(const store::Store& source) {
  std::vector<bundle::BundleFile> programs;
  for (const auto& name : source.home().names()) {
    if (!bundle::is_program_name(name)) continue;
    if (auto text = find_text(source.home(), name, bundle::kLargestFile))
      programs.push_back({tree::RelPath(name), *std::move(text), true});
  }
  return programs;
}

Synced plan(const Session& session, const std::optional<store::Store>& target, const SyncOptions& options,
            const std::vector<Tree>& trees) {
  Synced synced;
  for (const auto& tree : trees)
    synced.trees.push_back({tree, target && target->trees().is_complete(tree.id)});
  if (!target || !options.delete_others) return synced;
  for (const auto& id : bundle::others(*target, trees)) {
    auto tree = store::load_tree(*target, id, session.reporter);
    synced.removed.push_back(tree ? *std::move(tree) : Tree{id, {}});
  }
  return synced;
}

// A tree whose manifest is damaged must not count as one that the user left out. Throws Error (integrity).
void require_readable(const store::Store& source, const std::vector<Tree>& trees) {
  for (const auto& id : source.trees().known()) {
    if (!has(trees, id)) source.trees().manifest(id);
  }
}

struct Parts {
  const std::vector<Tree>& trees;
  bool is_bundle;
  const std::vector<bundle::BundleFile>& programs;
  const tree::StoreId& current;
};

void fill(const Session& session, const store::Store& target, const Parts& parts, Synced& synced) {
  const auto& [trees, is_bundle, programs, current] = parts;
  bundle::DirectoryTarget directory({session.store, target, session.run()}, trees);
  const auto files =
      is_bundle ? bundle::files_for(target, trees, {}, session.reporter) : std::vector<bundle::BundleFile>();
  target::SpaceEstimate estimate(space_of(target.home()));
  directory.add_to(estimate);
  for (const auto& program : programs) estimate.add_file(program.text.size());
  estimate.require(fmt::format("sync to {}", printable(target.path())));
  directory.announce();
  std::vector<tree::StoreId> others;
  for (const auto& tree : synced.removed) others.push_back(tree.id);
  const bundle::LeavingTrees leaving(target, others);
  if (is_bundle) {
    const auto put = bundle::put_all(
        directory,
        {.trees = trees, .files = files, .programs = programs, .bring = [] {}, .current = current});
    synced.counts = put.counts;
    synced.switched = put.switched;
  } else {
    for (const auto& tree : trees) synced.counts += directory.put_tree(tree);
    synced.switched = directory.set_current(current);
  }
  synced.counts.removed += leaving.remove(session.run());
  if (is_bundle && !leaving.empty()) directory.put_checksums();
  synced.flushed = leaving.empty() ? target.durable() : directory.finish();
}

}  // namespace

Synced sync(const Session& session, const SyncOptions& options) {
  if (options.to.empty())
    throw Error(ErrorKind::usage, "cannot sync: the name of the target directory is empty");
  bundle::check_target(session.store, options.to, "sync to");
  const auto trees = store::choose_trees(session.store, options.selectors, session.reporter);
  if (options.selectors.empty() || options.delete_others) require_readable(session.store, trees);
  if (trees.empty()) {
    throw Error(ErrorKind::failed,
                fmt::format("cannot sync: {} has no tree", printable(session.store.path())));
  }
  const bool is_store = store::Store::is_at(options.to);
  if (options.dry_run) {
    const auto target = is_store ? std::optional(store::Store::open(options.to)) : std::nullopt;
    auto synced = plan(session, target, options, trees);
    synced.current = choose_current(session, options, target, trees);
    return synced;
  }
  const auto leases = store::lease_all(session.store, trees, session.wait());
  const auto facts = target::probe(options.to);
  target::tell_medium(session.reporter, options.to, facts);
  target::require_fit(options.to, facts, trees);
  target::warn_of_long_paths(session.reporter, options.to, facts, trees);
  const bool was_bundle = is_store && bundle::is_bundle(Dir::open(options.to));
  const bool is_bundle = was_bundle || bundle::is_bundle(session.store.home());
  const auto programs = is_bundle ? programs_of(session.store) : std::vector<bundle::BundleFile>();
  if (is_bundle) bundle::require_free_names(options.to, was_bundle, programs);
  const std::optional target =
      store::Store::ensure(options.to, session.store.writing()).with_names(store::CommandNames(options.to));
  const auto lock = target->lock(session.lock_patience, session.stop);
  auto synced = plan(session, target, options, trees);
  const auto current = choose_current(session, options, target, trees);
  fill(session, *target, {trees, is_bundle, programs, current}, synced);
  synced.current = current;
  return synced;
}

}  // namespace gopack::workflow
