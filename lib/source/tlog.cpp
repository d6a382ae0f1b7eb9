#include "tlog.hpp"

#include <fmt/format.h>

#include "gopack/base/error.hpp"
#include "gopack/digest/base64.hpp"

namespace gopack::source {

namespace {

using digest::Sha256;

// RFC 6962 hashes records and nodes with different first bytes, so that none passes for the other.
Sha256 hash_with_prefix(char prefix, ByteView first, ByteView second) {
  digest::Hasher hasher;
  hasher.write(as_bytes({&prefix, 1}));
  hasher.write(first);
  hasher.write(second);
  return hasher.finish();
}

}  // namespace

Sha256 leaf_hash(std::string_view record) {
  return hash_with_prefix(0, as_bytes(record), {});
}

Sha256 node_hash(const Sha256& left, const Sha256& right) {
  return hash_with_prefix(1, std::as_bytes(std::span(left.bytes())), std::as_bytes(std::span(right.bytes())));
}

Sha256 empty_root() {
  return digest::hash(std::string_view());
}

Sha256 complete_root(std::span<const Sha256> hashes) {
  if (hashes.size() == 1) return hashes.front();
  const auto half = hashes.size() / 2;
  return node_hash(complete_root(hashes.first(half)), complete_root(hashes.subspan(half)));
}

std::string TreeHead::text() const {
  return fmt::format("a tree of {} records with hash {}", size, digest::base64_encode(hash.bytes()));
}

std::string Tile::path() const {
  // The index in groups of three digits, "x" before all but the last, so that no directory gets too large.
  auto number = fmt::format("{:03}", index % 1000);
  for (auto rest = index / 1000; rest > 0; rest /= 1000)
    number = fmt::format("x{:03}/{}", rest % 1000, number);
  auto path = fmt::format("tile/{}/{}/{}", kHeight, level, number);
  if (is_partial()) path += fmt::format(".p/{}", width);
  return path;
}

ProvenTree::ProvenTree(const TreeHead& head, ReadTile read) : head_(head), read_(std::move(read)) {
  for (int level = 0; head.size >> (level * Tile::kHeight) > 0; ++level) {
    const auto hashes_in_level = head.size >> (level * Tile::kHeight);
    const Tile edge{level, hashes_in_level / Tile::kFullWidth,
                    static_cast<std::uint32_t>(hashes_in_level % Tile::kFullWidth)};
    if (edge.width > 0) proven_.emplace(std::pair(level, edge.index), this->read(edge));
  }
  // The root depends on every hash in these tiles, and on nothing else.
  if (root_at(head.size) != head.hash) {
    throw Error(ErrorKind::integrity,
                fmt::format("cannot trust the tiles of a log: those at the right edge do not make up {}",
                            head.text()));
  }
}

Sha256 ProvenTree::root_at(std::uint64_t size) {
  if (size == 0) return empty_root();
  // The tree is a row of complete subtrees, the largest first; the smaller ones are joined first.
  std::uint64_t rest = size;
  int height = 0;
  const auto next = [&] {
    while ((rest >> height & 1) == 0) ++height;
    rest ^= std::uint64_t{1} << height;
    return node(height, rest >> height);
  };
  auto root = next();
  while (rest > 0) root = node_hash(next(), root);
  return root;
}

Sha256 ProvenTree::node(int height, std::uint64_t index) {
  const int inside = height % Tile::kHeight;
  const auto first = index << inside;
  const auto& hashes = tile(height / Tile::kHeight, first / Tile::kFullWidth);
  return complete_root(std::span(hashes).subspan(first % Tile::kFullWidth, std::size_t{1} << inside));
}

const TileHashes& ProvenTree::tile(int level, std::uint64_t index) {
  const std::pair key(level, index);
  const auto known = proven_.find(key);
  if (known != proven_.end()) return known->second;
  // Not at the right edge, hence full: one hash in the level above stands for all of it.
  const auto expected = node((level + 1) * Tile::kHeight, index);
  const Tile wanted{level, index};
  auto hashes = read(wanted);
  if (complete_root(hashes) != expected) {
    throw Error(ErrorKind::integrity,
                fmt::format("cannot trust {}: it does not belong to {}", wanted.path(), head_.text()));
  }
  return proven_.emplace(key, std::move(hashes)).first->second;
}

TileHashes ProvenTree::read(const Tile& tile) const {
  auto hashes = read_(tile);
  if (hashes.size() != tile.width) {
    throw Error(ErrorKind::integrity,
                fmt::format("cannot trust {}: it has {} hashes", tile.path(), hashes.size()));
  }
  return hashes;
}

}  // namespace gopack::source
