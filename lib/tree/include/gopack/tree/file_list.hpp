// Files that something writes in one go, such as a filesystem image: all of them with their sizes and
// digests, known before the first byte is written, and where their bytes come from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "gopack/base/file.hpp"
#include "gopack/tree/dir_chain.hpp"
#include "gopack/tree/manifest.hpp"

namespace gopack::tree {

struct ListedFile {
  RelPath path;
  std::uint64_t size = 0;  // bytes
  digest::Sha256 sha256;
  std::int64_t time = 0;  // of last modification, in seconds since 1970
};

// Not thread-safe: one thread adds or reads.
class FileList {
 public:
  void add_text(RelPath path, std::string text, std::int64_t time);
  // Files that lie below `root`. In the list they lie below the directory `place`.
  void add_below(Dir root, const std::string& place, const std::vector<ManifestFile>& files,
                 std::int64_t time);

  // In the order in which they were added.
  const std::vector<ListedFile>& files() const { return files_; }
  std::uint64_t bytes() const { return bytes_; }

  // Sorts by path, bytewise.
  void sort();
  // The bytes of files()[index], whose digest is not checked here. Throws Error where it cannot be opened.
  std::variant<std::string_view, File> open(std::size_t index);

 private:
  struct Place {
    std::size_t root = 0;        // of roots_
    std::size_t path_begin = 0;  // where the path below it begins
  };
  using Bytes = std::variant<std::string, Place>;

  void add(ListedFile file, Bytes bytes);

  std::vector<ListedFile> files_;
  std::vector<Bytes> content_;  // of files_
  std::vector<DirChain> roots_;
  std::uint64_t bytes_ = 0;
};

}  // namespace gopack::tree
