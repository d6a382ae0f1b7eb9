// Files that share their content: a reflink where the filesystem has them, else a hard link.
#pragma once

#include <cstdint>
#include <string>

#include "gopack/base/file.hpp"

namespace gopack {

// What a pair of filesystems lacks is found out once: one object serves one pair. Not thread-safe.
class FileLinker {
 public:
  enum class Made {
    nothing,  // neither works for this file: it must be copied
    clone,    // a file of its own, with that mode, whose blocks are shared until one of both is written
    name,     // another name of the same file: mode and times are shared as well
  };

  // Makes `to` with the content of the regular file `from`, without following links. A hard link takes a file
  // that has `mode` already. Throws Error (failed, noroom), also where `to` exists.
  Made link(const Dir& from_dir, const std::string& from, const Dir& to_dir, const std::string& to,
            std::uint32_t mode);
  // False once both have been refused.
  bool may_work() const { return clones_ || links_; }

 private:
  bool clones_ = true;
  bool links_ = true;
};

}  // namespace gopack
