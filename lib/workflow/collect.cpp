#include "gopack/workflow/collect.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "gopack/base/error.hpp"
#include "gopack/bundle/checksums.hpp"
#include "gopack/store/removal.hpp"
#include "gopack/store/trees.hpp"
#include "switching.hpp"

namespace gopack::workflow {

namespace {

// Where the current tree goes, another one takes its place.
void choose_successor(const Session& session, const RemoveOptions& options, Removed& removed) {
  const auto& store = session.store;
  const auto current = store.pointer().current();
  if (!current || !store::contains(removed.trees, current)) return;
  removed.successor = store::find_successor(store, removed.trees, *current, session.reporter);
  if (!removed.successor && !options.force) {
    throw Error(ErrorKind::failed,
                fmt::format("cannot remove {}: it is current, and no other tree would remain in {}",
                            current->text(), printable(store.path())))
        .with_hint(fmt::format("lay another release out first with {}, or remove the last tree with --force",
                               store.command("trim")));
  }
}

// Before the trees go: returns the switch, if it is one.
std::optional<Switched> hand_over(const Session& session, const Removed& removed) {
  if (removed.successor) return switch_to(session, *removed.successor, store::Depth::contents);
  const auto pointer = session.store.pointer();
  if (store::contains(removed.trees, pointer.current())) pointer.clear();
  return std::nullopt;
}

// Under the store's lock again, which the hook of a switch did not keep.
void require_none_is_current(const store::Store& store, const Removed& removed) {
  const auto current = store.pointer().current();
  if (!current || !store::contains(removed.trees, current)) return;
  throw Error(ErrorKind::busy,
              fmt::format("cannot remove {}: another gopack has made it current meanwhile", current->text()))
      .with_hint(fmt::format("choose another tree with {}, and run the command again", store.command("use")));
}

}  // namespace

std::vector<store::Collected> collect_garbage(const Session& session, const store::CollectOptions& options) {
  const auto lock = session.store.lock(session.lock_patience, session.stop);
  session.store.pointer().require_understood();
  auto collected = store::collect(session.store, options, session.run());
  if (!options.dry_run) bundle::forget_removed(session.store);
  return collected;
}

Removed remove_trees(const Session& session, const RemoveOptions& options) {
  const auto& store = session.store;
  std::optional lock(store.lock(session.lock_patience, session.stop));
  Removed removed{store::choose_leaving(session.store, options.selectors, options.all, session.reporter),
                  std::nullopt};
  std::vector<store::Lock> claims;  // all, or none is removed
  for (const auto& one : removed.trees) claims.push_back(store.removal().claim(one.id));
  choose_successor(session, options, removed);
  store::measure(store, removed.trees);
  if (options.dry_run) return removed;
  const auto switched = hand_over(session, removed);
  if (switched) {
    lock.reset();
    run_hook(session, *switched, options.change);
    lock.emplace(store.lock(session.lock_patience, session.stop));
    require_none_is_current(store, removed);
  }
  for (std::size_t i = 0; i < claims.size(); ++i)
    store.removal().remove(removed.trees[i].id, claims[i], session.stop);
  bundle::forget_removed(store);
  return removed;
}

bool would_switch(const Session& session, const RemoveOptions& options) {
  const auto lock = session.store.lock(session.lock_patience, session.stop);
  Removed removed{store::choose_leaving(session.store, options.selectors, options.all, session.reporter),
                  std::nullopt};
  choose_successor(session, options, removed);
  return removed.successor.has_value();
}

}  // namespace gopack::workflow
