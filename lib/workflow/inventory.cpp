#include "gopack/workflow/inventory.hpp"
#include "gopack/release/selector.hpp"

#include <algorithm>
#include <set>

#include "gopack/base/error.hpp"

namespace gopack::workflow {

namespace {

std::vector<Download> find_downloads(const store::Store& store, const std::vector<Tree>& trees) {
  std::vector<Download> downloads;
  if (!store.has_downloads()) return downloads;
  for (auto& archive : store.downloads().list()) {
    Download download{std::move(archive), {}};
    for (const auto& tree : trees) {
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

}  // namespace

Inventory take_inventory(const store::Store& store, const std::vector<std::string>& texts,
                         Reporter& reporter) {
  auto trees = store::load_trees(store, reporter);
  auto downloads = find_downloads(store, trees);
  if (texts.empty()) return {std::move(trees), std::move(downloads)};
  SilentReporter silent;  // damaged manifests have been told of
  std::set<tree::StoreId> ids;
  std::set<release::Version> releases;
  for (const auto& text : texts) {
    const auto found =
        store::is_tree_name(text) ? std::set<release::Version>() : choose_releases(downloads, text);
    releases.insert(found.begin(), found.end());
    for (const auto& tree : trees_of(store, text, !found.empty(), silent)) ids.insert(tree.id);
  }
  std::erase_if(trees, [&](const Tree& tree) { return !ids.contains(tree.id); });
  std::erase_if(downloads, [&](const Download& download) {
    return !releases.contains(download.archive.version) &&
           std::none_of(download.trees.begin(), download.trees.end(),
                        [&](const tree::StoreId& id) { return ids.contains(id); });
  });
  return {std::move(trees), std::move(downloads)};
}

}  // namespace gopack::workflow
