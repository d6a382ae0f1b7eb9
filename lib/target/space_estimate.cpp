#include "gopack/target/space_estimate.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gopack/base/error.hpp"

namespace gopack::target {

namespace {

std::uint64_t in_blocks(std::uint64_t bytes, std::uint64_t block_size) {
  return (bytes + block_size - 1) / block_size * block_size;
}

// In a directory of FAT a name takes an entry of 32 bytes and one more for every 13 characters.
std::uint64_t entry_bytes(std::string_view name) {
  return 32 * (2 + name.size() / 13);
}

}  // namespace

void TreeSpace::add(const tree::RelPath& path, std::uint64_t bytes) {
  if (!files_.insert(path.text()).second) return;
  content_ += in_blocks(bytes, block_size_);
  directories_[std::string(path.parent())] += entry_bytes(path.name());
  for (auto directory = path.parent(); !directory.empty(); directory = tree::parent_of(directory)) {
    if (!directories_.emplace(tree::parent_of(directory), 0).second) break;
  }
}

std::uint64_t TreeSpace::bytes() const {
  constexpr std::uint64_t kLines = 300;  // bytes of a file's lines
  auto sum = content_ + in_blocks(files_.size() * kLines, block_size_);
  for (const auto& [path, bytes] : directories_) sum += std::max(block_size_, in_blocks(bytes, block_size_));
  return sum;
}

void SpaceEstimate::add_file(std::uint64_t bytes) {
  bytes_ += in_blocks(bytes, space_.block_size);
  ++files_;
}

void SpaceEstimate::add_files(std::uint64_t count, std::uint64_t bytes) {
  bytes_ += bytes + count * space_.block_size / 2;
  files_ += count;
}

void SpaceEstimate::add(const TreeSpace& tree) {
  bytes_ += tree.bytes();
  files_ += tree.files();
}

TreeSpace SpaceEstimate::for_tree(const std::vector<tree::ManifestFile>& files) const {
  TreeSpace space(space_.block_size);
  for (const auto& file : files) space.add(file.path, file.size);
  return space;
}

void SpaceEstimate::require(std::string_view what) const {
  if (fits()) return;
  const auto reason =
      files_ > space_.files
          ? fmt::format("{} files are to be made there, {} are possible", files_, space_.files)
          : fmt::format("{:.1f} MB are needed there (blocks of {} bytes), {:.1f} MB are free",
                        static_cast<double>(bytes_) / 1e6, space_.block_size,
                        static_cast<double>(space_.available) / 1e6);
  throw Error(ErrorKind::noroom, fmt::format("cannot {}: {}", what, reason))
      .with_hint("free some space there, choose fewer releases, or a smaller profile");
}

}  // namespace gopack::target
