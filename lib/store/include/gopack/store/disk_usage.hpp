// What trees really take of the disk: files may have several names (shared_files.hpp). Not thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "gopack/base/file.hpp"
#include "gopack/tree/manifest.hpp"

namespace gopack::store {

class DiskUsage {
 public:
  // Counts all files below `name`, or the file of that name; nothing where there is none. All directories
  // that are counted are on one filesystem. Throws Error (failed).
  void add(const Dir& dir, const std::string& name);

  // The same of the files of a tree, as far as they are there.
  void add(const Dir& tree, const std::vector<tree::ManifestFile>& files, unsigned jobs);

  // Bytes of what was counted, each file once.
  std::uint64_t taken() const { return taken_; }
  // Bytes that are free once all that was counted is gone: of files all of whose names were counted.
  std::uint64_t freed() const { return freed_; }

 private:
  void add(const FileStatus& status);

  std::uint64_t taken_ = 0;
  std::uint64_t freed_ = 0;
  // Of files with several names, by inode: how many were not counted yet. What was counted may be gone
  // meanwhile.
  std::unordered_map<std::uint64_t, std::uint64_t> names_left_;
};

}  // namespace gopack::store
