#include "gopack/store/collection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "gopack/base/error.hpp"
#include "gopack/store/disk_usage.hpp"
#include "gopack/store/removal.hpp"
#include "gopack/store/trees.hpp"

namespace gopack::store {

namespace {

// Bytes that are free once what lies there is gone, after all that was asked about before.
std::uint64_t freed_by(DiskUsage& usage, const Store& store, const std::string& path) {
  const auto before = usage.freed();
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) {
    usage.add(store.home(), path);
  } else {
    usage.add(Dir::open(store.path() / path.substr(0, slash)), path.substr(slash + 1));
  }
  return usage.freed() - before;
}

// Whether a tree is there of which it is known that it is in use. It may be another one each time: a bundle's
// use.sh switches without a lock.
bool has_root(const Store& store) {
  const auto roots = store.removal().roots();
  return std::any_of(roots.begin(), roots.end(),
                     [&](const tree::StoreId& id) { return store.home().find(id.text()).has_value(); });
}

bool must_stay(const Store& store, const tree::StoreId& id) {
  return store.removal().roots().contains(id) || !has_root(store);
}

class Collector {
 public:
  Collector(const Store& store, const CollectOptions& options, const Run& run)
      : store_(store), options_(options), run_(run) {}

  std::vector<Collected> run() {
    collect_trees(find_kept());
    // What a tree was made from that has lost its manifest is not known either.
    for (const auto& id : store_.removal().roots()) {
      if (store_.trees().find_unfinished(id)) origins_.reset();
    }
    if (origins_ && store_.has_downloads()) collect_downloads(*origins_);
    for (const auto& path : store_.removal().leftovers()) add(path);
    if (!options_.dry_run) store_.removal().remove_leftovers({}, run_.stop);
    return std::move(collected_);
  }

 private:
  // The trees that the user wants to keep; nothing: all.
  std::optional<std::set<tree::StoreId>> find_kept() const {
    if (options_.trees_except.empty()) return std::nullopt;
    std::set<tree::StoreId> kept;
    SilentReporter silent;  // damaged manifests are told of by collect_trees()
    for (const auto& tree : choose_trees(store_, options_.trees_except, silent)) kept.insert(tree.id);
    if (!has_root(store_)) {
      run_.reporter.warning(
          fmt::format("no tree is current in {}, so all of them stay", printable(store_.path())),
          fmt::format("choose one with {}", store_.command("use")));
    }
    return kept;
  }

  void collect_trees(const std::optional<std::set<tree::StoreId>>& kept) {
    for (const auto& id : store_.trees().known()) {
      auto tree = load_tree(store_, id, run_.reporter);
      const bool may_go = tree && kept && !kept->contains(id) && !must_stay(store_, id);
      const auto claim = may_go ? store_.removal().try_claim(id) : std::nullopt;
      if (claim) {
        add(id.text()).tree = std::move(tree);
        if (!options_.dry_run) store_.removal().remove(id, *claim, run_.stop);
      } else if (!tree) {
        origins_.reset();
      } else if (origins_) {
        for (const auto& origin : tree->manifest.origins) origins_->insert(origin.file);
      }
    }
  }

  void collect_downloads(const std::set<std::string>& origins) {
    const auto downloads = store_.downloads();
    std::set<std::string> archives;
    for (const auto& archive : downloads.list_records()) {
      if (!downloads.directory().find(archive.file)) continue;
      archives.insert(archive.file);
      if (!options_.downloads || origins.contains(archive.file)) continue;
      add("downloads/" + archive.file).archive = archive;
      if (!options_.dry_run) downloads.remove(archive.file);
    }
    for (const auto& name : downloads.names()) {
      const auto file = store::Downloads::archive_of(name);
      if (archives.contains(file) || origins.contains(file)) continue;
      add("downloads/" + name);
      if (!options_.dry_run) downloads.directory().remove_file(name);
    }
  }

  Collected& add(const std::string& path) {
    collected_.push_back({path, freed_by(usage_, store_, path), std::nullopt, std::nullopt});
    return collected_.back();
  }

  const Store& store_;
  const CollectOptions& options_;
  const Run& run_;
  DiskUsage usage_;
  std::vector<Collected> collected_;
  // Names in downloads/ that the remaining trees were made from; nothing: not known.
  std::optional<std::set<std::string>> origins_{std::in_place};
};

// One tree of each release: nobody loses a tree that was not meant.
void require_one(const std::string& selector, const std::vector<Tree>& trees) {
  std::set<release::Version> versions;
  for (const auto& tree : trees) versions.insert(tree.version());
  if (trees.size() == versions.size()) return;
  throw means_several(selector, trees, "; --all takes all of them out");
}

}  // namespace

std::vector<Collected> collect(const Store& store, const CollectOptions& options, const Run& run) {
  return Collector(store, options, run).run();
}

std::vector<Leaving> choose_leaving(const Store& store, const std::vector<std::string>& selectors, bool all,
                                    Reporter& reporter) {
  std::map<tree::StoreId, std::optional<Tree>> chosen;
  for (const auto& text : selectors) {
    if (is_tree_name(text)) {
      const auto id = find_tree(store, text);
      chosen[id] = load_tree(store, id, reporter);
      continue;
    }
    const auto trees = choose_trees(store, {text}, reporter);
    if (!all) require_one(text, trees);
    for (const auto& tree : trees) chosen[tree.id] = tree;
  }
  std::vector<Leaving> leaving;
  for (auto& [id, tree] : chosen) leaving.push_back({id, std::move(tree), 0});
  return leaving;
}

void measure(const Store& store, std::vector<Leaving>& trees) {
  DiskUsage usage;
  for (auto& leaving : trees) leaving.bytes = freed_by(usage, store, leaving.id.text());
}

bool contains(const std::vector<Leaving>& trees, const std::optional<tree::StoreId>& id) {
  return std::any_of(trees.begin(), trees.end(), [&](const Leaving& leaving) { return leaving.id == id; });
}

std::optional<Tree> find_successor(const Store& store, const std::vector<Leaving>& leaving,
                                   const tree::StoreId& current, Reporter& reporter) {
  std::string profile;
  for (const auto& one : leaving) {
    if (one.id == current && one.tree) profile = one.tree->manifest.profile;
  }
  auto trees = load_trees(store, reporter);
  std::erase_if(trees, [&](const Tree& tree) { return contains(leaving, tree.id); });
  if (trees.empty()) return std::nullopt;
  const auto rank = [&](const Tree& tree) {
    const auto version = tree.version();
    return std::make_tuple(tree.serves(release::Platform::host()), !version.is_prerelease(), version,
                           tree.manifest.profile == profile, tree.platforms().size());
  };
  return *std::max_element(trees.begin(), trees.end(),
                           [&](const Tree& a, const Tree& b) { return rank(a) < rank(b); });
}

}  // namespace gopack::store
