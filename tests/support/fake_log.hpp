// A checksum database of a test's own, published as the files of a module proxy. Its hashes are computed from
// RFC 6962's definition, independently of what is tested.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "gopack/digest/base64.hpp"
#include "gopack/digest/sha256.hpp"
#include "support/signing_key.hpp"
#include "support/temp_dir.hpp"

namespace gopack::test {

class FakeLog {
 public:
  using Hash = digest::Sha256;

  explicit FakeLog(SigningKey key) : key_(std::move(key)) {}

  // Appends a record and returns its number.
  std::uint64_t add(const std::string& record) {
    records_.push_back(record);
    auto hash = digest::hash(std::string(1, '\0') + record);
    // Completes every subtree that ends with this record.
    for (std::size_t height = 0;; ++height) {
      if (complete_.size() <= height) complete_.emplace_back();
      complete_[height].push_back(hash);
      const auto& row = complete_[height];
      if (row.size() % 2 == 1) break;
      hash = join(row[row.size() - 2], row.back());
    }
    return records_.size() - 1;
  }
  // Records of no interest, up to `size` in all.
  void fill(std::uint64_t size, const std::string& text = "filler") {
    while (records_.size() < size) add(text + std::to_string(records_.size()) + "\n");
  }

  const SigningKey& key() const { return key_; }
  std::uint64_t size() const { return records_.size(); }
  const std::string& record(std::uint64_t id) const { return records_.at(id); }

  // MTH(D[first:last]) of RFC 6962, 2.1.
  Hash root(std::uint64_t first, std::uint64_t last) const {
    const auto count = last - first;
    if (count == 0) return digest::hash(std::string_view());
    std::uint64_t half = 1;
    std::size_t height = 0;
    while (half * 2 < count) half *= 2, ++height;
    if (count == 1) return complete_[0][first];
    if (half * 2 == count) return complete_[height + 1][first / count];
    return join(root(first, first + half), root(first + half, last));
  }
  Hash root(std::uint64_t size) const { return root(0, size); }

  std::string head_text(std::uint64_t size) const {
    return "go.sum database tree\n" + std::to_string(size) + "\n" +
           digest::base64_encode(root(size).bytes()) + "\n";
  }
  std::string head(std::uint64_t size) const { return key_.sign(head_text(size)); }
  // What a lookup is answered: record `id` and the head of the tree of `size` records.
  std::string answer(std::uint64_t id, std::uint64_t size) const {
    return std::to_string(id) + "\n" + record(id) + "\n" + head(size);
  }
  // The bytes of a tile: `width` hashes, 8 * level above the records.
  std::string tile(int level, std::uint64_t index, std::uint64_t width) const {
    std::string bytes;
    for (auto i = index * 256; i < index * 256 + width; ++i) {
      const auto& hash = complete_.at(static_cast<std::size_t>(level) * 8).at(i);
      bytes.append(hash.bytes().begin(), hash.bytes().end());
    }
    return bytes;
  }

  // Writes all tiles of the tree of `size` records below `database`, partial ones at the right edge only.
  void publish_tiles(const std::filesystem::path& database, std::uint64_t size) const {
    int level = 0;
    for (auto count = size; count > 0; count /= 256, ++level) {
      const auto row = database / "tile" / "8" / std::to_string(level);
      for (std::uint64_t index = 0; index < count / 256; ++index) {
        write_file(row / number(index), tile(level, index, 256));
      }
      if (count % 256 == 0) continue;
      write_file(row / (number(count / 256) + ".p") / std::to_string(count % 256),
                 tile(level, count / 256, count % 256));
    }
  }

 private:
  static Hash join(const Hash& left, const Hash& right) {
    std::string bytes(1, '\1');
    bytes.append(left.bytes().begin(), left.bytes().end());
    bytes.append(right.bytes().begin(), right.bytes().end());
    return digest::hash(bytes);
  }
  // Of tiles with a number below 1000: enough for 256,000 records.
  static std::string number(std::uint64_t index) {
    const auto digits = std::to_string(index);
    return std::string(3 - digits.size(), '0') + digits;
  }

  SigningKey key_;
  std::vector<std::string> records_;
  std::vector<std::vector<Hash>> complete_;  // by height: the roots of the complete subtrees
};

}  // namespace gopack::test
