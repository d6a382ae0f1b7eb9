// The same file once on the disk: what a tree in the making has in common with trees that are there. Where a
// tree holds a file with the digest and the mode that is wanted, the new tree takes it from there (see
// base/file_linker.hpp), once it has been read and its digest found to be right. Not thread-safe.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "gopack/base/file_linker.hpp"
#include "gopack/base/report.hpp"
#include "gopack/store/store.hpp"
#include "gopack/tree/dir_writer.hpp"
#include "gopack/tree/manifest.hpp"

namespace gopack::store {

class SharedContents {
 public:
  explicit SharedContents(std::vector<tree::ManifestFile> wanted);

  // Finds what is wanted in the manifests of a store's trees, but for one; damaged manifests have nothing. A
  // store that does not share (see Linking) has nothing either. The store must outlive this object.
  void look_in(const Store& store, const std::optional<tree::StoreId>& except = std::nullopt);
  // The same in one tree.
  void look_in(const Store& store, const tree::StoreId& id, const tree::Manifest& manifest);

  // Puts what was found into the tree that `writer` writes, as far as it can be shared. Returns the other files
  // that are wanted, sorted by path. Throws Error: interrupted, failed, noroom.
  std::vector<tree::ManifestFile> share(tree::DirWriter& writer, const Run& run);

 private:
  struct Key {
    digest::Sha256 sha256;
    bool executable = false;
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const;
  };
  // A file of a tree.
  struct Place {
    const Store* store = nullptr;
    std::optional<tree::StoreId> tree;
    std::string path;
  };
  struct Candidate {
    const tree::ManifestFile* file;
    const Place* place;
  };

  std::vector<std::vector<Candidate>> batches(std::vector<tree::ManifestFile>& rest) const;

  std::vector<tree::ManifestFile> wanted_;
  std::unordered_map<Key, Place, KeyHash> places_;
  std::size_t missing_;  // places without a tree
};

}  // namespace gopack::store
