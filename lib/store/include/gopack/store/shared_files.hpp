// The same file once on the disk: a tree in the making takes what trees that are there have in common with
// it.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "gopack/base/report.hpp"
#include "gopack/store/catalog.hpp"
#include "gopack/tree/dir_writer.hpp"
#include "gopack/tree/manifest.hpp"

namespace gopack::store {

// The trees to take files from. Nothing is linked where the store does not share (see Linking).
struct ShareSource {
  const Store& store;
  const Tree* only = nullptr;                          // null: every tree of the store
  std::optional<tree::StoreId> except = std::nullopt;  // but for this one
  bool may_copy = false;                               // what cannot be shared is copied
  std::function<void(const Tree&)> seen = {};          // is given each tree whose manifest was read
};

// Puts into the tree that `writer` writes what a tree of the source has with the digest and the mode of a
// file of `wanted`: as base/file_linker.hpp does, under any path, once its content has been read and found to
// be right. A file that is damaged there is looked for in the next tree; damaged manifests have nothing.
// Returns the other files of `wanted`, sorted by path. Throws Error: interrupted, failed, noroom.
std::vector<tree::ManifestFile> share_files(const std::vector<tree::ManifestFile>& wanted,
                                            const ShareSource& source, tree::DirWriter& writer,
                                            const Run& run);

}  // namespace gopack::store
