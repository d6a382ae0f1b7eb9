#include "gopack/workflow/collect.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
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

using Archives = std::set<std::string>;  // names in downloads/

// What each tree was made from; nothing where its manifest is damaged.
std::map<tree::StoreId, std::optional<Archives>> find_origins(const Session& session) {
  std::map<tree::StoreId, std::optional<Archives>> origins;
  for (const auto& id : session.store.known()) {
    auto& archives = origins[id];
    if (const auto tree = load_tree(session.store, id, session.reporter)) {
      archives.emplace();
      for (const auto& origin : tree->manifest.origins) archives->insert(origin.file);
    }
  }
  return origins;
}

// Whether a tree is there of which it is known that it is in use. It may be another one each time: a bundle's
// use.sh switches without a lock.
bool has_root(const store::Store& store) {
  const auto roots = store.roots();
  return std::any_of(roots.begin(), roots.end(),
                     [&](const tree::StoreId& id) { return store.home().find(id.text()).has_value(); });
}

bool must_stay(const store::Store& store, const tree::StoreId& id) {
  return store.roots().contains(id) || !has_root(store);
}

// What gopack has put into downloads/ and no tree was made from: archives with their records, parts.
std::vector<std::string> unneeded_downloads(const store::Store& store, const Archives& needed) {
  auto names = store.downloads().names();
  std::erase_if(names, [&](const std::string& name) {
    return needed.contains(name) ||
           (name.ends_with(".json") && needed.contains(name.substr(0, name.size() - 5)));
  });
  return names;
}

// A tree that is named may be damaged, or lost.
std::vector<Removed> choose(const Session& session, const std::vector<std::string>& selectors) {
  std::map<tree::StoreId, std::optional<Tree>> chosen;
  for (const auto& text : selectors) {
    if (is_tree_name(text)) {
      const auto id = find_tree(session.store, text);
      chosen[id] = load_tree(session.store, id, session.reporter);
    } else {
      for (auto& tree : choose_trees(session.store, {text}, session.reporter)) chosen[tree.id] = tree;
    }
  }
  std::vector<Removed> removed;
  for (auto& [id, tree] : chosen) removed.push_back({id, std::move(tree)});
  return removed;
}

}  // namespace

std::vector<Collected> collect_garbage(const Session& session, bool dry_run) {
  const auto& store = session.store;
  const auto lock = store.lock(session.lock_patience, session.stop);
  store.pointer().require_understood();
  const auto origins = find_origins(session);
  if (!origins.empty() && !has_root(store)) {
    session.reporter.warning(
        fmt::format("no tree is current in {}, so all of them stay; choose one with `gopack use`",
                    printable(store.path())));
  }
  std::optional<Archives> needed{std::in_place};  // nothing: not known
  std::vector<Collected> collected;
  for (const auto& [id, archives] : origins) {
    const auto claim = must_stay(store, id) ? std::nullopt : store.try_claim(id);
    if (!claim) {
      if (!archives) needed.reset();
      if (needed) needed->insert(archives->begin(), archives->end());
      continue;
    }
    collected.push_back({id.text(), bytes_at(store, id.text())});
    if (!dry_run) store.remove(id, *claim, session.stop);
  }
  // What a tree was made from that has lost its manifest is not known either.
  for (const auto& id : store.roots()) {
    if (store.find_unfinished(id)) needed.reset();
  }
  if (needed && store.has_downloads()) {
    for (const auto& name : unneeded_downloads(store, *needed)) {
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

std::vector<Removed> remove_trees(const Session& session, const std::vector<std::string>& selectors) {
  const auto& store = session.store;
  const auto lock = store.lock(session.lock_patience, session.stop);
  auto chosen = choose(session, selectors);
  const auto current = store.pointer().current();
  for (const auto& [id, tree] : chosen) {
    if (id == current) {
      throw Error(ErrorKind::failed, fmt::format("cannot remove {}: it is the current tree", id.text()))
          .with_hint("switch to another one first: `gopack use`");
    }
  }
  std::vector<store::Lock> claims;  // all, or none is removed
  for (const auto& [id, tree] : chosen) claims.push_back(store.claim(id));
  for (std::size_t i = 0; i < chosen.size(); ++i) store.remove(chosen[i].id, claims[i], session.stop);
  forget_removed(store);
  return chosen;
}

}  // namespace gopack::workflow
