// Block maps: which blocks of an image have to be copied, with their digests (bmap-tools, version 2.0).
// Private to image.
#pragma once

#include <string>
#include <vector>

#include "gopack/digest/sha256.hpp"
#include "gopack/image/image.hpp"

namespace gopack::image {

// `digests` are those of the mapped ranges.
std::string block_map(const Outline& outline, const std::vector<digest::Sha256>& digests);

}  // namespace gopack::image
