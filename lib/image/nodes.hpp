// The directories and files of an image. Private to image.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gopack/tree/file_list.hpp"

namespace gopack::image {

struct Node {
  std::u16string name;                // empty for the root
  std::string_view path;              // the same, from the top; lives as long as the list of files
  std::optional<std::size_t> file;    // in the tree::FileList; nothing: a directory
  std::size_t parent = 0;             // of the root: itself
  std::vector<std::size_t> children;  // of a directory, by name
  std::uint64_t bytes = 0;            // of a file, or of a directory's entries
  std::int64_t time = 0;              // in seconds since 1970; a directory has the latest of what is in it
  std::uint64_t first_cluster = 0;    // 0 for empty files
};

// The first one is the root. A directory comes before what is in it.
using Nodes = std::vector<Node>;

// Of a sorted list. Throws Error (noroom) where two names in one directory differ in nothing but what a
// filesystem ignores, or one path is a file and the directory of another.
Nodes make_nodes(const std::vector<tree::ListedFile>& files);

// Those that have bytes, in the order in which they lie on the medium: directories, then files.
std::vector<std::size_t> in_order(const Nodes& nodes);

}  // namespace gopack::image
