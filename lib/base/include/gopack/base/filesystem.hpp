// The filesystem that holds an open directory.
#pragma once

#include <cstdint>

#include "gopack/base/file.hpp"

namespace gopack {

struct Space {
  std::uint64_t available = 0;   // bytes that this user may still write
  std::uint64_t block_size = 1;  // bytes; files occupy whole blocks
  std::uint64_t files = 0;       // files and directories that may still be made; the largest number: no limit
};

Space space_of(const Dir& dir);

// Flushes all of it.
void sync_filesystem(const Dir& dir);

}  // namespace gopack
