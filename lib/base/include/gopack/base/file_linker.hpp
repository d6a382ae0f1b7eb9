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
    nothing,    // neither works for this file: it must be copied
    clone,      // a file of its own, whose blocks are shared until one of both is written
    hard_link,  // another name of the same file
  };

  // Makes `to` with the content and the time of the regular file `from`, without following links. Only a file
  // of this user that has `mode` already becomes a hard link: whoever owns it may change it under any name.
  // Throws Error (failed, noroom), also where `to` exists.
  Made link(const Dir& from_dir, const std::string& from, const Dir& to_dir, const std::string& to,
            std::uint32_t mode);
  // False once both have turned out to be impossible here.
  bool may_work() const { return clones_ || links_; }

 private:
  bool clones_ = true;
  bool links_ = true;
};

}  // namespace gopack
