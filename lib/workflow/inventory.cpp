#include "gopack/workflow/inventory.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "gopack/base/error.hpp"
#include "gopack/release/selector.hpp"
#include "gopack/store/disk_usage.hpp"
#include "gopack/store/trees.hpp"

namespace gopack::workflow {

namespace {

std::vector<Download> find_downloads(const store::Store& store, const std::vector<ListedTree>& trees) {
  std::vector<Download> downloads;
  if (!store.has_downloads()) return downloads;
  for (auto& archive : store.downloads().list()) {
    Download download{std::move(archive), {}};
    for (const auto& [tree, files, bytes] : trees) {
      const auto& origins = tree.manifest.origins;
      const bool is_origin = std::any_of(origins.begin(), origins.end(), [&](const auto& origin) {
        return origin.file == download.archive.file;
      });
      if (is_origin) download.trees.push_back(tree.id);
    }
    downloads.push_back(std::move(download));
  }
  return downloads;
}

// Releases among the downloads that `text` chooses; none where it is not about releases alone.
std::set<release::Version> choose_releases(const std::vector<Download>& downloads, const std::string& text) {
  std::vector<release::Version> available;
  for (const auto& download : downloads) available.push_back(download.archive.version);
  try {
    const auto chosen =
        release::parse_selector(text).choose(available, {.all_patches = true, .prereleases = false});
    return {chosen.begin(), chosen.end()};
  } catch (const Error&) {
    return {};  // store::choose_trees() says what is wrong with it
  }
}

std::vector<Tree> trees_of(const store::Store& store, const std::string& text, bool may_be_none,
                           Reporter& reporter) {
  try {
    return store::choose_trees(store, {text}, reporter);
  } catch (const Error& error) {
    const bool is_only_fetched = error.kind() == ErrorKind::unreachable || error.kind() == ErrorKind::failed;
    if (!may_be_none || !is_only_fetched) throw;
    return {};
  }
}

// What `texts` choose of an inventory.
void choose(const store::Store& store, const std::vector<std::string>& texts, Inventory& inventory) {
  SilentReporter silent;  // damaged manifests have been told of
  std::set<tree::StoreId> ids;
  std::set<release::Version> releases;
  for (const auto& text : texts) {
    const auto found =
        store::is_tree_name(text) ? std::set<release::Version>() : choose_releases(inventory.downloads, text);
    releases.insert(found.begin(), found.end());
    for (const auto& tree : trees_of(store, text, !found.empty(), silent)) ids.insert(tree.id);
  }
  std::erase_if(inventory.trees, [&](const ListedTree& listed) { return !ids.contains(listed.tree.id); });
  std::erase_if(inventory.downloads, [&](const Download& download) {
    return !releases.contains(download.archive.version) &&
           std::none_of(download.trees.begin(), download.trees.end(),
                        [&](const tree::StoreId& id) { return ids.contains(id); });
  });
}

// What cannot be read of a tree takes nothing.
void measure(const store::Store& store, const tree::StoreId& id, const std::vector<tree::ManifestFile>& files,
             const Run& run, store::DiskUsage& usage) {
  try {
    usage.add(store.trees().open(id), files, run.jobs);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::failed) throw;
    run.reporter.detail(error.text());
  }
}

}  // namespace

Inventory take_inventory(const store::Store& store, const std::vector<std::string>& texts, Measure measured,
                         const Run& run) {
  Inventory inventory;
  store::DiskUsage usage;
  const bool is_disk_measured = measured == Measure::disk;
  store::for_each_tree(store, run.reporter, [&](Tree tree) {
    const auto bytes = tree.manifest.bytes();
    const auto files = std::exchange(tree.manifest.files, {});
    if (is_disk_measured && texts.empty()) measure(store, tree.id, files, run, usage);
    inventory.trees.push_back({std::move(tree), files.size(), bytes});
  });
  std::sort(inventory.trees.begin(), inventory.trees.end(),
            [](const ListedTree& a, const ListedTree& b) { return store::is_listed_before(a.tree, b.tree); });
  inventory.downloads = find_downloads(store, inventory.trees);
  if (!texts.empty()) {
    choose(store, texts, inventory);
    for (const auto& listed : inventory.trees) {
      const auto manifest = is_disk_measured ? store.trees().find_manifest(listed.tree.id) : std::nullopt;
      if (manifest) measure(store, listed.tree.id, manifest->files, run, usage);
    }
  }
  inventory.on_disk = usage.taken();
  return inventory;
}

}  // namespace gopack::workflow
