// Is there room? Asked before anything is downloaded or written.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "gopack/base/filesystem.hpp"
#include "gopack/tree/manifest.hpp"
#include "gopack/tree/rel_path.hpp"

namespace gopack::target {

// What files of one tree take where everything occupies whole blocks: with the directories that lead to them,
// and their lines in manifest and checksums.
class TreeSpace {
 public:
  explicit TreeSpace(std::uint64_t block_size) : block_size_(block_size) {}

  // The same path again is the same file.
  void add(const tree::RelPath& path, std::uint64_t bytes);

  std::uint64_t bytes() const;
  std::uint64_t files() const { return files_.size() + directories_.size(); }

 private:
  std::uint64_t block_size_;
  std::uint64_t content_ = 0;  // bytes of the files' blocks
  std::set<std::string, std::less<>> files_;
  std::map<std::string, std::uint64_t, std::less<>> directories_;  // path to bytes of its entries
};

// What is to be written on a filesystem: bytes in whole blocks, and inodes where it has a fixed number.
class SpaceEstimate {
 public:
  explicit SpaceEstimate(const Space& space) : space_(space) {}

  void add_file(std::uint64_t bytes);
  // Files of which only number and sum are known.
  void add_files(std::uint64_t count, std::uint64_t bytes);
  void add(const TreeSpace& tree);
  // Throws Error (noroom) "cannot <what>: …" with both numbers unless it fits.
  void require(std::string_view what) const;

  bool fits() const { return bytes_ <= space_.available && files_ <= space_.files; }
  std::uint64_t bytes() const { return bytes_; }

  // Of a tree there that has these files already.
  TreeSpace for_tree(const std::vector<tree::ManifestFile>& files = {}) const;

 private:
  Space space_;
  std::uint64_t bytes_ = 0;
  std::uint64_t files_ = 0;
};

}  // namespace gopack::target
