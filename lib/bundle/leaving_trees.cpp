#include "gopack/bundle/leaving_trees.hpp"

#include <algorithm>

#include "gopack/store/removal.hpp"
#include "gopack/store/trees.hpp"

namespace gopack::bundle {

std::vector<tree::StoreId> others(const store::Store& target, const std::vector<store::Tree>& trees) {
  auto ids = target.trees().published();
  std::erase_if(ids, [&](const tree::StoreId& id) {
    return std::any_of(trees.begin(), trees.end(), [&](const store::Tree& tree) { return tree.id == id; });
  });
  return ids;
}

LeavingTrees::LeavingTrees(const store::Store& target, const std::vector<tree::StoreId>& ids)
    : target_(target) {
  for (const auto& id : ids) claims_.emplace(id, target.removal().claim(id));
}

std::uint64_t LeavingTrees::remove(const Run& run) const {
  std::uint64_t files = 0;
  for (const auto& [id, claim] : claims_) {
    if (const auto tree = store::load_tree(target_, id, run.reporter)) files += tree->manifest.files.size();
    target_.removal().remove(id, claim, run.stop);
  }
  return files;
}

}  // namespace gopack::bundle
