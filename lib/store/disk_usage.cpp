#include "gopack/store/disk_usage.hpp"

#include <optional>

#include "gopack/base/parallel.hpp"
#include "gopack/tree/dir_chain.hpp"

namespace gopack::store {

void DiskUsage::add(const Dir& dir, const std::string& name) {
  const auto status = dir.find(name);
  if (!status) return;
  if (status->type != FileType::directory) return add(*status);
  const auto below = dir.open_dir(name);
  for (const auto& child : below.names()) add(below, child);
}

void DiskUsage::add(const Dir& tree, const std::vector<tree::ManifestFile>& files, unsigned jobs) {
  std::vector<std::optional<FileStatus>> found(files.size());
  run_in_ranges(files.size(), jobs, [&](std::size_t first, std::size_t last) {
    tree::DirChain directories(tree.open_dir("."));
    for (auto i = first; i < last; ++i) {
      const auto* directory = directories.find(files[i].path.parent());
      if (directory != nullptr) found[i] = directory->find(std::string(files[i].path.name()));
    }
  });
  for (const auto& status : found) {
    if (status && status->type == FileType::file) add(*status);
  }
}

void DiskUsage::add(const FileStatus& status) {
  if (status.names <= 1 && !names_left_.contains(status.inode)) {
    taken_ += status.size;
    freed_ += status.size;
    return;
  }
  const auto [left, is_first] = names_left_.try_emplace(status.inode, status.names);
  if (is_first) taken_ += status.size;
  if (left->second == 0 || --left->second > 0) return;
  freed_ += status.size;
}

}  // namespace gopack::store
