#include "gopack/workflow/sync.hpp"

#include <fmt/format.h>

#include <algorithm>

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

tree::StoreId choose_current(const Session& session, const SyncOptions& options, const store::Store& target,
                             const std::vector<Tree>& trees) {
  const auto own = target.pointer().current();
  const bool stays = own && target.trees().is_complete(*own) && (!options.delete_others || has(trees, own));
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

Synced plan(const Session& session, const store::Store& target, const SyncOptions& options,
            const std::vector<Tree>& trees) {
  Synced synced;
  for (const auto& tree : trees) synced.trees.push_back({tree, target.trees().is_complete(tree.id)});
  if (options.delete_others) {
    for (const auto& id : bundle::others(target, trees)) {
      auto tree = store::load_tree(target, id, session.reporter);
      synced.removed.push_back(tree ? *std::move(tree) : Tree{id, {}});
    }
  }
  synced.current = target.pointer().current();
  return synced;
}

void fill(const Session& session, const store::Store& target, const std::vector<Tree>& trees,
          const tree::StoreId& current, Synced& synced) {
  bundle::DirectoryTarget directory({session.store, target, session.run()}, trees);
  const bool is_bundle = bundle::is_bundle(session.store.home()) || bundle::is_bundle(target.home());
  const auto files =
      is_bundle ? bundle::files_for(target, trees, {}, session.reporter) : std::vector<bundle::BundleFile>();
  const auto programs = is_bundle ? programs_of(session.store) : std::vector<bundle::BundleFile>();
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
  synced.current = current;
}

}  // namespace

Synced sync(const Session& session, const SyncOptions& options) {
  bundle::check_target(session.store, options.to, "sync to");
  const auto trees = store::choose_trees(session.store, options.selectors, session.reporter);
  if (trees.empty()) {
    throw Error(ErrorKind::failed,
                fmt::format("cannot sync: {} has no tree", printable(session.store.path())));
  }
  if (options.dry_run)
    return plan(session, store::Store::open(target::existing_part(options.to)), options, trees);
  const auto leases = store::lease_all(session.store, trees, session.wait());
  const auto facts = target::probe(options.to);
  target::tell_medium(session.reporter, options.to, facts);
  target::require_fit(options.to, facts, trees);
  target::warn_of_long_paths(session.reporter, options.to, facts, trees);
  const auto target =
      store::Store::ensure(options.to, session.store.writing()).with_names(store::CommandNames(options.to));
  const auto lock = target.lock(session.lock_patience, session.stop);
  auto synced = plan(session, target, options, trees);
  fill(session, target, trees, choose_current(session, options, target, trees), synced);
  return synced;
}

}  // namespace gopack::workflow
