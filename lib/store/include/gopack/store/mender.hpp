// Puts damaged files of a published tree right, one atomic rename at a time: interrupted, the tree is no
// worse than before.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gopack/base/report.hpp"
#include "gopack/store/shared_files.hpp"
#include "gopack/store/store.hpp"
#include "gopack/store/trees.hpp"
#include "gopack/store/verify.hpp"

namespace gopack::store {

// Needs the store's lock. The directories it works in are writable while it lives there. A tree whose
// directory is lost gets a new one.
class Mender {
 public:
  Mender(const Store& store, const tree::StoreId& id)
      : store_(store),
        tree_(store.trees().is_complete(id) ? store.trees().open(id) : store.trees().begin(id)) {}

  // Writes what `file` shall be aside. The content must be the manifest's. Once 64 MB have come together they
  // are flushed (see Durability) and take their places; what waits for that is lost when the Mender goes.
  void restore(const tree::ManifestFile& file, ByteSource& content);
  // As restore(), of those of `files`, sorted by path, that other trees have; returns the others.
  std::vector<tree::ManifestFile> take(const std::vector<tree::ManifestFile>& files,
                                       const ShareSource& source, const Run& run);
  // Takes something away that is no part of the tree.
  void remove_foreign(std::string_view path);
  // All that was restored is in its place when this returns, and what was changed has survived a power cut
  // (see Durability). Throws Error (integrity), which names all files whose content was another: the old ones
  // stay, and all others are restored.
  void commit();
  // The number of those files, once commit() was called.
  std::size_t wrong() const { return wrong_.size(); }

 private:
  // Files that lie aside.
  struct Batch {
    Staging staging;
    std::vector<tree::ManifestFile> files;  // what they must be
    std::uint64_t bytes = 0;
  };

  void replace();
  // Runs `change` in the directory that holds `path`, which is writable meanwhile.
  template <typename Change>
  void in_parent(std::string_view path, Change change);

  const Store& store_;
  Dir tree_;
  std::optional<Batch> batch_;
  std::vector<std::string> wrong_;  // paths of files whose content was another
};

// Takes the right to write from directories of a tree with these files, which an interrupted repair may have
// left writable. Throws Error.
void seal_tree(const Dir& tree, const std::vector<tree::ManifestFile>& files);

}  // namespace gopack::store
