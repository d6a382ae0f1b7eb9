// list: what a store holds.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gopack/store/catalog.hpp"
#include "gopack/workflow/session.hpp"

namespace gopack::workflow {

struct Download {
  store::Archive archive;
  std::vector<tree::StoreId> trees;  // made from it, among all trees of the store
};

struct ListedTree {
  Tree tree;  // without its files: only what its manifest says besides them is there
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
};

struct Inventory {
  std::vector<ListedTree> trees;
  std::vector<Download> downloads;  // recorded archives that are there
  // Bytes that the files of `trees` take, each file counted once; 0 where that is not measured.
  std::uint64_t on_disk = 0;
};

// Measuring looks at every file.
enum class Measure { nothing, disk };

// All trees and archives, or those that `texts` choose (as store::choose_trees() does; archives by release,
// or as those that a chosen tree was made from). Takes no lock. Throws Error as store::choose_trees() does,
// unreachable where a text chooses neither trees nor archives.
Inventory take_inventory(const store::Store& store, const std::vector<std::string>& texts, Measure measured,
                         const Run& run);

}  // namespace gopack::workflow
