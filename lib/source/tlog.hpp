// Transparency logs: the Merkle tree of RFC 6962, section 2.1, and the tiles that its hashes are published
// in (golang.org/design/25530-sumdb, research.swtch.com/tlog).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gopack/digest/sha256.hpp"

namespace gopack::source {

using TileHashes = std::vector<digest::Sha256>;

digest::Sha256 leaf_hash(std::string_view record);
digest::Sha256 node_hash(const digest::Sha256& left, const digest::Sha256& right);
// The root of the tree without records.
digest::Sha256 empty_root();
// The root of the complete tree above `hashes`, of which there are a power of two.
digest::Sha256 complete_root(std::span<const digest::Sha256> hashes);

// No log is taken to be larger; the Go checksum database had 2^26 records after seven years.
inline constexpr std::uint64_t kLargestTree = std::uint64_t{1} << 48;

// What a log signs: the number of its records and the root of the tree above them.
struct TreeHead {
  std::uint64_t size = 0;  // at most kLargestTree
  digest::Sha256 hash;

  // "a tree of 12 records with hash …"
  std::string text() const;
  bool operator==(const TreeHead&) const = default;
};

// A stretch of one level of the tree. Tiles at level n hold the hashes that lie 8n above the records.
struct Tile {
  static constexpr int kHeight = 8;
  static constexpr std::uint32_t kFullWidth = 1u << kHeight;

  int level = 0;
  std::uint64_t index = 0;
  std::uint32_t width = kFullWidth;  // hashes in it; fewer than kFullWidth at the tree's right edge

  bool is_partial() const { return width < kFullWidth; }
  // "tile/8/0/x001/234", and ".p/<width>" behind it when partial.
  std::string path() const;
};

// The hashes of a signed tree. Everything it returns is proved by the head: the tiles at the right edge make
// up the head's hash, and every other tile makes up the hash that stands for it in a tile that is proved.
class ProvenTree {
 public:
  // Gives the hashes of a tile, as many as its width. They need not be right.
  using ReadTile = std::function<TileHashes(const Tile&)>;

  // Reads the tiles at the right edge. Throws Error (integrity) unless they belong to `head`.
  ProvenTree(const TreeHead& head, ReadTile read);

  // The hash of record number `index`, which is below the tree's size. These two throw Error (integrity) when
  // a tile does not belong to the tree.
  digest::Sha256 leaf(std::uint64_t index) { return node(0, index); }
  // The root that the tree had when it held its first `size` records, at most as many as now.
  digest::Sha256 root_at(std::uint64_t size);

 private:
  // The root of the complete subtree number `index` among those of 2^height records.
  digest::Sha256 node(int height, std::uint64_t index);
  const TileHashes& tile(int level, std::uint64_t index);
  TileHashes read(const Tile& tile) const;

  TreeHead head_;
  ReadTile read_;
  std::map<std::pair<int, std::uint64_t>, TileHashes> proven_;
};

}  // namespace gopack::source
