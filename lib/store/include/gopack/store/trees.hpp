// The trees of a store by their names, with their manifests. A view: the store outlives it. Not thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gopack/store/store.hpp"

namespace gopack::store {

class Trees {
 public:
  explicit Trees(const Store& store) : store_(store) {}

  // Trees whose manifest is there, sorted by id. Their directories may be lost.
  std::vector<tree::StoreId> known() const;
  bool is_known(const tree::StoreId& id) const;
  // Trees whose directory and manifest are there, sorted by id.
  std::vector<tree::StoreId> published() const;
  bool is_complete(const tree::StoreId& id) const;
  // Throws Error: usage when there is no such tree; integrity when its manifest is damaged.
  tree::Manifest manifest(const tree::StoreId& id) const;
  // Of a known tree; nothing when it is not (any more). Throws Error (integrity).
  std::optional<tree::Manifest> find_manifest(const tree::StoreId& id) const;
  // The same of a tree whose manifest is in order and that lacks no file, as far as names and sizes tell.
  std::optional<tree::Manifest> find_whole(const tree::StoreId& id) const;
  // Of the manifest's text. Throws Error (failed) when there is none.
  digest::Sha256 manifest_digest(const tree::StoreId& id) const;
  // What `gopack prove` found out about the tree (v_<hash>.proof.json), if anything.
  std::optional<std::string> find_proof(const tree::StoreId& id) const;
  void put_proof(const tree::StoreId& id, std::string_view text) const;
  Dir open(const tree::StoreId& id) const;
  // The other way to a tree, for media that are slow or lose what is in a directory when it is renamed: its
  // files are written where they belong, beginning where an interrupted run ended, and the tree exists once
  // its manifest does. What is in find_unfinished() is unproved; begin() makes the directory, also in place
  // of what is none.
  std::optional<Dir> find_unfinished(const tree::StoreId& id) const;
  Dir begin(const tree::StoreId& id) const;
  // The caller has flushed and proved the files; the manifest appears by one rename.
  void publish(const tree::Manifest& manifest) const;

 private:
  const Store& store_;
};

// The path of what current names and the store lacks, where it has no manifest: the tree, or just that;
// "current" where there are trees and no pointer names any.
std::optional<std::string> lost_current(const Store& store);

}  // namespace gopack::store
