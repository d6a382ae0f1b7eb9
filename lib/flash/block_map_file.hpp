// Reads block maps (bmap-tools, versions 2.x). Private to flash.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "gopack/digest/sha256.hpp"

namespace gopack::flash {

struct Range {
  std::uint64_t begin = 0;  // bytes from the start of the image
  std::uint64_t bytes = 0;
  std::optional<digest::Sha256> sha256;
};

struct BlockMap {
  std::uint64_t bytes = 0;  // of the image
  std::vector<Range> ranges;
  digest::Sha256 sha256;  // its own checksum
};

// Nothing where this is not a whole map with SHA-256 digests whose own checksum is right, in which ranges are
// in order and within the image.
std::optional<BlockMap> parse_block_map(std::string_view text);

}  // namespace gopack::flash
