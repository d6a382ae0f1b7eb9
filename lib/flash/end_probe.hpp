// Tries whether a disk has the end that it claims. Private to flash.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gopack/base/block_device.hpp"

namespace gopack::flash {

// Sizes that a disk of `bytes` may really have when addresses beyond them wrap around: the powers of two and
// the halves below it, from 1 MiB on, the smallest first.
std::vector<std::uint64_t> possible_sizes(std::uint64_t bytes);

// Writes a mark into the last block, looks whether it is there and nowhere else, and puts back what was
// there. Gives what is wrong with the disk; nothing where nothing is. Throws Error as BlockDevice does.
std::optional<std::string> probe_end(BlockDevice& device);

}  // namespace gopack::flash
