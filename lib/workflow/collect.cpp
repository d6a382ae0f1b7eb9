#include "gopack/workflow/collect.hpp"
#include "gopack/store/removal.hpp"
#include "gopack/store/trees.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "gopack/base/error.hpp"
#include "gopack/bundle/checksums.hpp"
#include "switching.hpp"

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

// Whether a tree is there of which it is known that it is in use. It may be another one each time: a bundle's
// use.sh switches without a lock.
bool has_root(const store::Store& store) {
  const auto roots = store.removal().roots();
  return std::any_of(roots.begin(), roots.end(),
                     [&](const tree::StoreId& id) { return store.home().find(id.text()).has_value(); });
}

bool must_stay(const store::Store& store, const tree::StoreId& id) {
  return store.removal().roots().contains(id) || !has_root(store);
}

class Collector {
 public:
  Collector(const Session& session, const CollectOptions& options)
      : session_(session), options_(options), store_(session.store) {}

  std::vector<Collected> run() {
    collect_trees(find_kept());
    // What a tree was made from that has lost its manifest is not known either.
    for (const auto& id : store_.removal().roots()) {
      if (store_.trees().find_unfinished(id)) origins_.reset();
    }
    if (origins_ && store_.has_downloads()) collect_downloads();
    for (const auto& path : store_.removal().leftovers()) add(path);
    if (!options_.dry_run) {
      store_.removal().remove_leftovers({}, session_.stop);
      bundle::forget_removed(store_);
    }
    return std::move(collected_);
  }

 private:
  // The trees that the user wants to keep; nothing: all.
  std::optional<std::set<tree::StoreId>> find_kept() const {
    if (options_.trees_except.empty()) return std::nullopt;
    std::set<tree::StoreId> kept;
    SilentReporter silent;  // damaged manifests are told of by collect_trees()
    for (const auto& tree : store::choose_trees(store_, options_.trees_except, silent)) kept.insert(tree.id);
    if (!has_root(store_)) {
      session_.reporter.warning(
          fmt::format("no tree is current in {}, so all of them stay; choose one with {}",
                      printable(store_.path()), store_.command("use")));
    }
    return kept;
  }

  void collect_trees(const std::optional<std::set<tree::StoreId>>& kept) {
    for (const auto& id : store_.trees().known()) {
      auto tree = store::load_tree(store_, id, session_.reporter);
      const bool may_go = tree && kept && !kept->contains(id) && !must_stay(store_, id);
      const auto claim = may_go ? store_.removal().try_claim(id) : std::nullopt;
      if (claim) {
        add(id.text()).tree = std::move(tree);
        if (!options_.dry_run) store_.removal().remove(id, *claim, session_.stop);
      } else if (!tree) {
        origins_.reset();
      } else if (origins_) {
        for (const auto& origin : tree->manifest.origins) origins_->insert(origin.file);
      }
    }
  }

  void collect_downloads() {
    const auto downloads = store_.downloads();
    std::set<std::string> archives;
    for (const auto& archive : downloads.list_records()) {
      if (!downloads.directory().find(archive.file)) continue;
      archives.insert(archive.file);
      if (!options_.downloads || origins_->contains(archive.file)) continue;
      add("downloads/" + archive.file).archive = archive;
      if (!options_.dry_run) downloads.remove(archive.file);
    }
    for (const auto& name : downloads.names()) {
      const auto file = name.ends_with(".json") ? name.substr(0, name.size() - 5) : name;
      if (archives.contains(file) || origins_->contains(file)) continue;
      add("downloads/" + name);
      if (!options_.dry_run) downloads.directory().remove_file(name);
    }
  }

  Collected& add(const std::string& path) {
    collected_.push_back({path, bytes_at(store_, path), std::nullopt, std::nullopt});
    return collected_.back();
  }

  const Session& session_;
  const CollectOptions& options_;
  const store::Store& store_;
  std::vector<Collected> collected_;
  // Names in downloads/ that the remaining trees were made from; nothing: not known.
  std::optional<std::set<std::string>> origins_{std::in_place};
};

// One tree of each release: nobody loses a tree that was not meant.
void require_one(const std::string& selector, const std::vector<Tree>& trees) {
  std::set<release::Version> versions;
  for (const auto& tree : trees) versions.insert(tree.version());
  if (trees.size() == versions.size()) return;
  throw store::means_several(selector, trees, "; --all takes all of them out");
}

// A tree that is named may be damaged, or lost.
std::vector<Removed::One> choose(const Session& session, const RemoveOptions& options) {
  std::map<tree::StoreId, std::optional<Tree>> chosen;
  for (const auto& text : options.selectors) {
    if (store::is_tree_name(text)) {
      const auto id = find_tree(session.store, text);
      chosen[id] = store::load_tree(session.store, id, session.reporter);
      continue;
    }
    const auto trees = store::choose_trees(session.store, {text}, session.reporter);
    if (!options.all) require_one(text, trees);
    for (const auto& tree : trees) chosen[tree.id] = tree;
  }
  std::vector<Removed::One> trees;
  for (auto& [id, tree] : chosen) trees.push_back({id, std::move(tree), 0});
  return trees;
}

bool contains(const std::vector<Removed::One>& trees, const std::optional<tree::StoreId>& id) {
  return std::any_of(trees.begin(), trees.end(), [&](const auto& one) { return one.id == id; });
}

// The newest of the trees that remain and run here, a pre-release only where there is nothing else,
// preferably of the same profile as the one that goes and for the most platforms.
std::optional<Tree> find_successor(const Session& session, const std::vector<Removed::One>& leaving,
                                   const tree::StoreId& current) {
  std::string profile;
  for (const auto& one : leaving) {
    if (one.id == current && one.tree) profile = one.tree->manifest.profile;
  }
  auto trees = store::load_trees(session.store, session.reporter);
  std::erase_if(trees, [&](const Tree& tree) { return contains(leaving, tree.id); });
  if (trees.empty()) return std::nullopt;
  const auto rank = [&](const Tree& tree) {
    const auto version = release::Version::try_parse(tree.manifest.release).value();
    const auto platforms = tree.platforms();
    const bool runs_here =
        std::find(platforms.begin(), platforms.end(), release::Platform::host()) != platforms.end();
    return std::make_tuple(runs_here, !version.is_prerelease(), version, tree.manifest.profile == profile,
                           platforms.size());
  };
  return *std::max_element(trees.begin(), trees.end(),
                           [&](const Tree& a, const Tree& b) { return rank(a) < rank(b); });
}

// Where the current tree goes, another one takes its place.
void choose_successor(const Session& session, const RemoveOptions& options, Removed& removed) {
  const auto& store = session.store;
  const auto current = store.pointer().current();
  if (!contains(removed.trees, current)) return;
  removed.successor = find_successor(session, removed.trees, *current);
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
  if (contains(removed.trees, pointer.current())) pointer.clear();
  return std::nullopt;
}

// Under the store's lock again, which the hook of a switch did not keep.
void require_none_is_current(const store::Store& store, const Removed& removed) {
  const auto current = store.pointer().current();
  if (!current || !contains(removed.trees, current)) return;
  throw Error(ErrorKind::busy,
              fmt::format("cannot remove {}: another gopack has made it current meanwhile", current->text()))
      .with_hint(fmt::format("choose another tree with {}, and run the command again", store.command("use")));
}

}  // namespace

std::vector<Collected> collect_garbage(const Session& session, const CollectOptions& options) {
  const auto lock = session.store.lock(session.lock_patience, session.stop);
  session.store.pointer().require_understood();
  return Collector(session, options).run();
}

Removed remove_trees(const Session& session, const RemoveOptions& options) {
  const auto& store = session.store;
  std::optional lock(store.lock(session.lock_patience, session.stop));
  Removed removed{choose(session, options), std::nullopt};
  std::vector<store::Lock> claims;  // all, or none is removed
  for (const auto& one : removed.trees) claims.push_back(store.removal().claim(one.id));
  choose_successor(session, options, removed);
  for (auto& one : removed.trees) one.bytes = bytes_at(store, one.id.text());
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
  Removed removed{choose(session, options), std::nullopt};
  choose_successor(session, options, removed);
  return removed.successor.has_value();
}

}  // namespace gopack::workflow
