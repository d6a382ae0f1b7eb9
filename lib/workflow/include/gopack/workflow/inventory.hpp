// list: what a store holds.
#pragma once

#include <string>
#include <vector>

#include "gopack/store/catalog.hpp"
#include "gopack/workflow/session.hpp"

namespace gopack::workflow {

struct Download {
  store::Archive archive;
  std::vector<tree::StoreId> trees;  // made from it, among all trees of the store
};

struct Inventory {
  std::vector<Tree> trees;
  std::vector<Download> downloads;  // recorded archives that are there
};

// All trees and archives, or those that `texts` choose (as store::choose_trees() does; archives by release,
// or as those that a chosen tree was made from). Takes no lock. Throws Error as store::choose_trees() does,
// unreachable where a text chooses neither trees nor archives.
Inventory take_inventory(const store::Store& store, const std::vector<std::string>& texts,
                         Reporter& reporter);

}  // namespace gopack::workflow
