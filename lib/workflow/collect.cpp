#include "gopack/workflow/collect.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "checksums.hpp"
#include "gopack/base/error.hpp"

namespace gopack::workflow {

namespace {

std::uint64_t bytes_below(const Dir& dir, const std::string& name) {
  const auto status = dir.find(name);
  if (!status) return 0;
  if (status->type != FileType::directory) return status->size;
  std::uint64_t total = 0;
  const auto below = dir.open_dir(name);
  for (const auto& child : below.names()) total += bytes_below(below, child);
  return total;
}

std::uint64_t bytes_at(const store::Store& store, const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return bytes_below(store.home(), path);
  return bytes_below(Dir::open(store.path() / path.substr(0, slash)), path.substr(slash + 1));
}

// What gopack has put into downloads/ and no tree in `kept` was made from: archives with their records,
// parts.
std::vector<std::string> unneeded_downloads(const store::Store& store, const std::set<tree::StoreId>& kept) {
  std::set<std::string> needed;
  for (const auto& id : kept) {
    for (const auto& origin : store.manifest(id).origins) {
      needed.insert(origin.file);
      needed.insert(origin.file + ".json");
    }
  }
  std::vector<std::string> names;
  for (const auto& name : store.downloads().names()) {
    if (!needed.contains(name)) names.push_back(name);
  }
  return names;
}

}  // namespace

std::vector<Collected> collect_garbage(const Session& session, bool dry_run) {
  const auto& store = session.store;
  const auto lock = store.lock(session.lock_patience, session.stop);
  std::set<tree::StoreId> kept;
  std::vector<Collected> collected;
  for (const auto& id : store.ids()) {
    // Asked anew each time: a bundle's use.sh switches without a lock.
    const auto claim = store.roots().contains(id) ? std::nullopt : store.try_claim(id);
    if (!claim) {
      kept.insert(id);
      continue;
    }
    collected.push_back({id.text(), bytes_at(store, id.text())});
    if (!dry_run) store.remove(id, *claim, session.stop);
  }
  // What a tree was made from that has lost its manifest is not known.
  const auto roots = store.roots();
  const bool all_known = std::none_of(roots.begin(), roots.end(), [&](const tree::StoreId& id) {
    return store.find_unfinished(id).has_value();
  });
  if (all_known && store.has_downloads()) {
    for (const auto& name : unneeded_downloads(store, kept)) {
      collected.push_back({"downloads/" + name, bytes_at(store, "downloads/" + name)});
      if (!dry_run) store.downloads().directory().remove_file(name);
    }
  }
  for (const auto& path : store.leftovers()) collected.push_back({path, bytes_at(store, path)});
  if (!dry_run) {
    store.remove_leftovers({}, session.stop);
    forget_removed(store);
  }
  return collected;
}

std::vector<Tree> remove_trees(const Session& session, const std::vector<std::string>& selectors) {
  const auto lock = session.store.lock(session.lock_patience, session.stop);
  auto trees = choose_trees(session.store, selectors);
  const auto current = session.store.pointer().current();
  for (const auto& tree : trees) {
    if (tree.id == current) {
      throw Error(ErrorKind::failed, fmt::format("cannot remove {}: it is the current tree", tree.id.text()))
          .with_hint("switch to another one first: `gopack use`");
    }
  }
  std::vector<store::Lock> claims;  // all, or none is removed
  for (const auto& tree : trees) claims.push_back(session.store.claim(tree.id));
  for (std::size_t i = 0; i < trees.size(); ++i) session.store.remove(trees[i].id, claims[i], session.stop);
  forget_removed(session.store);
  return trees;
}

}  // namespace gopack::workflow
