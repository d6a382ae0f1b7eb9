// Files and links that are replaced as a whole: a sibling is written and renamed over the name, so readers
// see the old or the new content. With `sync`, the file and its directory are flushed, so that the new
// content survives a power cut.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gopack/base/file.hpp"

namespace gopack {

void replace_text(const Dir& dir, const std::string& name, std::string_view text, bool sync,
                  std::uint32_t mode = 0644);
// The same for a symbolic link.
void replace_link(const Dir& dir, const std::string& name, const std::string& target, bool sync);

// The same for what is too large for memory: file() is the sibling, which commit() closes and renames. The
// destructor only discards.
class ReplacingFile {
 public:
  // `dir` outlives this object.
  ReplacingFile(const Dir& dir, std::string name, std::uint32_t mode = 0644);
  ~ReplacingFile();
  ReplacingFile(const ReplacingFile&) = delete;
  ReplacingFile& operator=(const ReplacingFile&) = delete;

  File& file() { return file_; }
  void commit(bool sync);
  // The same under a name that is known only now.
  void commit_as(const std::string& name, bool sync);

 private:
  const Dir& dir_;
  std::string name_;
  std::string temporary_;  // empty once it has its name
  File file_;
};

// Whether the filesystem has symbolic links, by trying.
bool can_link(const Dir& dir);

// A crash may leave a sibling: the name that `name` was to replace; nothing when it is no such sibling.
std::optional<std::string_view> find_replaced(std::string_view name);

}  // namespace gopack
