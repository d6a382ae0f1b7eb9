// The directories of a tree, opened one after another.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gopack/base/file.hpp"

namespace gopack::tree {

// Remembers the open directories that lead to the last one: neighbours cost one system call instead of one a
// component. Links are never followed.
class DirChain {
 public:
  enum class Missing { fail, create };
  explicit DirChain(Dir root, Missing missing = Missing::fail) : missing_(missing) {
    open_.push_back({"", std::move(root)});
  }

  // The directory at `path` below the root, which "" is; good until the next call.
  const Dir& open(std::string_view path);
  // Null when there is none.
  const Dir* find(std::string_view path);
  // Closes all but the root: Windows renames no directory in which one is open.
  void close() { open_.erase(open_.begin() + 1, open_.end()); }

 private:
  struct OpenDir {
    std::string path;
    Dir dir;
  };

  // Keeps those open that lead to `path`, and returns the name of the next one; empty when all are open.
  std::string next_towards(std::string_view path);

  Missing missing_;
  std::vector<OpenDir> open_;
};

}  // namespace gopack::tree
