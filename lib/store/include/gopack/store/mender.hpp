// Puts damaged files of a published tree right, one atomic rename at a time: interrupted, the tree is no
// worse than before.
#pragma once

#include <string_view>

#include "gopack/store/store.hpp"
#include "gopack/store/verify.hpp"

namespace gopack::store {

// Needs the store's lock. The directories it works in are writable while it lives there.
class Mender {
 public:
  Mender(const Store& store, const tree::StoreId& id) : store_(store), tree_(store.open_tree(id)) {}

  // Replaces or adds `file`; the content is hashed while it is written and must be the manifest's, else
  // Error (integrity) and the old file stays.
  void restore(const tree::ManifestFile& file, ByteSource& content);
  // Takes something away that is no part of the tree.
  void remove_foreign(std::string_view path);

 private:
  // Runs `change` in the directory that holds `path`, which is writable meanwhile.
  template <typename Change>
  void in_parent(std::string_view path, Change change);

  const Store& store_;
  Dir tree_;
};

}  // namespace gopack::store
