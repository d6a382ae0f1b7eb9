// Writes a tree into a fresh directory, hashing on the way.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "gopack/base/file.hpp"
#include "gopack/base/file_linker.hpp"
#include "gopack/tree/dir_chain.hpp"
#include "gopack/tree/manifest.hpp"
#include "gopack/tree/tree_sink.hpp"

namespace gopack::tree {

// Files become 0444 or 0555, whatever the umask is; directories stay writable until seal(). Every
// name is created beneath the open directory, never followed, never replaced. A path that comes twice
// with the same content is one file (several platforms share most files of a release); with different
// content it is an Error (integrity) that names it. Nothing is flushed: that is one syncfs at publication.
class DirWriter final : public TreeSink {
 public:
  explicit DirWriter(Dir root) : directories_(std::move(root), DirChain::Missing::create) {}

  void add(const Entry& entry, ByteSource& content) override;
  // Counts a file that is there already, with that content, as written.
  void adopt(const ManifestFile& file);
  // Takes `file` from `name` in another directory, whose content is that of `file`, without writing it. One
  // that was written already is replaced. False where that cannot be: `file` is missing then, or written.
  bool share(const ManifestFile& file, const Dir& from, const std::string& name, FileLinker& linker);
  // Sorted by path. Valid after the last add().
  std::vector<ManifestFile> files() const;
  // Gives all files this time of last modification, in seconds since 1970, but for those that are another
  // tree's as well. Before seal().
  void set_times(std::int64_t mtime);
  // Makes all directories below the root read-only (0555), and holds none of them open any more.
  void seal();

 private:
  void write_new(const Entry& entry, ByteSource& content);
  void copy_again(const ManifestFile& file, const Dir& from, const std::string& name);

  digest::Hasher hasher_;
  DirChain directories_;
  std::map<std::string, ManifestFile, std::less<>> written_;
  std::set<std::string, std::less<>> shared_paths_;  // of files that have other names as well
};

// The files below `dir`, in bytewise order of their paths, given to `sink`. Anything that is neither a
// directory nor a regular file is an Error (integrity).
void read_dir(const Dir& dir, TreeSink& sink);

}  // namespace gopack::tree
