// The trees of a store without their files, each manifest read once. Private to workflow.
#pragma once

#include <functional>
#include <map>

#include "gopack/store/catalog.hpp"
#include "gopack/store/trees.hpp"

namespace gopack::workflow {

// Not thread-safe.
class TreeHeads {
 public:
  // A tree that was read for another purpose.
  void add(const store::Tree& tree) {
    const auto [head, is_new] = heads_.try_emplace(tree.id, store::Tree{tree.id, {}});
    if (!is_new) return;
    auto& manifest = head->second.manifest;
    manifest.release = tree.manifest.release;
    manifest.profile = tree.manifest.profile;
    manifest.stripped = tree.manifest.stripped;
    manifest.targets = tree.manifest.targets;
    manifest.platforms = tree.manifest.platforms;
    manifest.origins = tree.manifest.origins;
  }

  // Calls `visit` with each published tree; those that are new here are read.
  void for_each(const store::Store& store, Reporter& reporter,
                const std::function<void(const store::Tree&)>& visit) {
    for (const auto& id : store.trees().published()) {
      if (!heads_.contains(id)) {
        const auto tree = store::load_tree(store, id, reporter);
        if (!tree) continue;
        add(*tree);
      }
      visit(heads_.at(id));
    }
  }

 private:
  std::map<tree::StoreId, store::Tree> heads_;
};

}  // namespace gopack::workflow
