#include "gopack/workflow/bundle.hpp"

#include <fmt/format.h>

#include <optional>

#include "chosen_trees.hpp"
#include "gopack/base/error.hpp"
#include "gopack/base/filesystem.hpp"
#include "gopack/bundle/bundle_target.hpp"
#include "gopack/bundle/leaving_trees.hpp"
#include "gopack/bundle/place.hpp"
#include "gopack/offline/modules.hpp"
#include "gopack/store/trees.hpp"
#include "gopack/target/fit.hpp"
#include "gopack/target/probe.hpp"

namespace gopack::workflow {

namespace {

using Ids = std::vector<tree::StoreId>;

bundle::Start choose_start(const Session& session, const BundleOptions& options, const store::Store& target,
                           const Chosen& chosen) {
  const auto own = target.pointer().current();
  return choose_start(session, options, chosen,
                      {.own = own ? store::load_tree(target, *own, session.reporter) : std::nullopt,
                       .keeps_own = own && target.trees().is_complete(*own) && !options.delete_others});
}

// What is written beside trees: modules, launchers where there are none yet, a warmed cache.
void require_room(const Session& session, const BundleOptions& options, target::SpaceEstimate estimate,
                  const std::vector<Tree>& trees, const std::vector<tree::Entry>& modules) {
  auto cache = estimate.for_tree();
  for (const auto& file : modules) cache.add(file.path, file.size);
  estimate.add(cache);
  if (!store::Store::is_at(options.target)) {
    for (const auto& file : bundle::bundle_files()) estimate.add_file(file.text.size());
  }
  for (const auto& program : options.programs) estimate.add_file(program.text.size());
  offline::add_warm(estimate, session.store, options.target, trees, options.warm);
  estimate.require(fmt::format("bundle into {}", printable(options.target)));
}

Bundled fill(const Session& session, const BundleOptions& options, const store::Store& target,
             const target::Facts& facts, Chosen&& chosen) {
  auto start = choose_start(session, options, target, chosen);
  auto& trees = chosen.trees;
  bundle::DirectoryTarget directory({session.store, target, session.run()}, trees);
  const auto files = bundle::files_for(target, trees, options.go_env, session.reporter);
  const offline::Context context{session.store, target, session.run(), !session.transport.is_offline()};
  const offline::Modules modules(context, start.tree, options.modules, bundle::go_env_of(files).text);
  target::require_names(target.path(), facts, modules.missing());
  target::SpaceEstimate estimate(space_of(target.home()));
  directory.add_to(estimate);
  require_room(session, options, estimate, trees, modules.missing());
  directory.announce();
  const bundle::LeavingTrees leaving(target, options.delete_others ? bundle::others(target, trees) : Ids{});
  std::vector<std::string> warmed;
  const auto bring = [&] {
    modules.bring();
    warmed = offline::warm(context, trees, options.warm);
  };
  auto [counts, switched] = bundle::put_all(directory, {.trees = trees,
                                                        .files = files,
                                                        .programs = options.programs,
                                                        .bring = bring,
                                                        .current = start.tree.id});
  counts.removed += leaving.remove(session.run());
  if (!leaving.empty()) directory.put_checksums();  // until here the old bundle could be started
  return {
      .trees = std::move(trees),
      .current = std::move(start.tree),
      .is_own_choice = start.is_own_choice,
      .switched = switched,
      .medium = facts.medium,
      .counts = counts,
      .flushed = leaving.empty() ? target.durable() : directory.finish(),  // the switch has flushed itself
      .warmed = std::move(warmed)};
}

}  // namespace

Bundled bundle(const Session& session, const BundleOptions& options) {
  bundle::check_target(session.store, options.target);
  std::optional lock(session.store.lock(session.lock_patience, session.stop));
  auto chosen = choose(session, options);
  const auto& trees = chosen.trees;
  const auto leases = store::lease_all(session.store, trees, session.wait());
  // What is made in the store's staging is safe from others only under the lock.
  if (options.modules.empty() && options.warm.packages.empty()) lock.reset();
  offline::check_projects(options.modules);
  offline::check_warm({session.store, session.store, session.run()}, trees, options.warm);
  std::optional<store::Lock> target_lock;
  if (store::Store::is_at(options.target)) {
    target_lock = store::Store::ensure(options.target, session.store.writing())
                      .lock(session.lock_patience, session.stop);
  }
  bundle::require_free_names(options.target, target_lock.has_value(), options.programs);
  const auto facts = target::probe(options.target);
  target::tell_medium(session.reporter, options.target, facts);
  target::require_fit(options.target, facts, trees);
  if (!target_lock) {  // nothing is written there before it is known to suffice
    target::SpaceEstimate estimate(facts.space);
    for (const auto& tree : trees) add_to(estimate, bundle::whole_transfer(tree));
    require_room(session, options, estimate, trees, {});
  }
  target::warn_of_long_paths(session.reporter, options.target, facts, trees);
  const auto target = store::Store::ensure(options.target, session.store.writing())
                          .with_names(store::CommandNames(options.target));
  if (!target_lock) target_lock = target.lock(session.lock_patience, session.stop);
  return fill(session, options, target, facts, std::move(chosen));
}

}  // namespace gopack::workflow
