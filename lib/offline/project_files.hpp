// Copies of a project's go.mod and go.work that the go command may write. Private to offline.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "bundled_go.hpp"
#include "gopack/base/file.hpp"

namespace gopack::offline {

inline constexpr std::uint64_t kLargestModFile = 64 << 20;  // bytes

bool is_workspace(const std::filesystem::path& project);

struct Workspace {
  std::vector<std::string> uses;  // directories, as it names them
  std::vector<std::pair<std::string, std::string>>
      replaces;  // "path" or "path@version" to the module's directory
};
// Throws Error.
Workspace read_workspace(const BundledGo& go, const std::filesystem::path& file);

// A project's go.mod and go.sum in a directory of their own.
class ModFile {
 public:
  ModFile(const std::filesystem::path& project, const std::filesystem::path& temporary);
  ~ModFile();
  ModFile(const ModFile&) = delete;
  ModFile& operator=(const ModFile&) = delete;

  std::string flag() const { return "-modfile=" + path_.string(); }

 private:
  Dir directory_;
  std::filesystem::path path_;
};

// A workspace's go.work and go.work.sum in a directory of their own: the go command has no flag for that.
// What they name beside them is named from the root.
class WorkFile {
 public:
  WorkFile(const BundledGo& go, const std::filesystem::path& project, const std::filesystem::path& temporary);
  ~WorkFile();
  WorkFile(const WorkFile&) = delete;
  WorkFile& operator=(const WorkFile&) = delete;

  std::string path() const { return (directory_.path() / "go.work").string(); }

 private:
  void add_replaces(const Workspace& workspace, const std::filesystem::path& base) const;

  Dir directory_;
};

}  // namespace gopack::offline
