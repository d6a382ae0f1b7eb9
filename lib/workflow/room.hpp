// Is there room? Asked before anything is downloaded or written.
#pragma once

#include <cstdint>
#include <string_view>

#include "gopack/base/file.hpp"

namespace gopack::workflow {

// What files take on a filesystem: whole blocks, and one of its inodes each where it has a fixed number.
class Need {
 public:
  explicit Need(const Space& space) : space_(space) {}

  void add_file(std::uint64_t bytes) {
    bytes_ += (bytes + space_.block_size - 1) / space_.block_size * space_.block_size;
    ++files_;
  }
  bool fits() const { return bytes_ <= space_.available && files_ <= space_.files; }
  // Throws Error (noroom) "cannot <what>: …" with both numbers unless it fits.
  void require(std::string_view what) const;

 private:
  Space space_;
  std::uint64_t bytes_ = 0;
  std::uint64_t files_ = 0;
};

}  // namespace gopack::workflow
