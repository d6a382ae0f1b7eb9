// File allocation tables of 32 bits, which FAT32 and exFAT have. Private to image.
#pragma once

#include "part.hpp"

namespace gopack::image {

// Consecutive clusters.
struct Chain {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
};

// Adds the two entries before those of the first cluster. `end` is what marks the end of a chain.
inline void add_fat_start(Parts& parts, std::uint64_t end) {
  std::string entries;
  append(entries, 4, end & 0xFFFFFFF8);
  append(entries, 4, end);
  parts.add(std::move(entries));
}

inline void add_chain(Parts& parts, const Chain& chain, std::uint64_t end) {
  parts.add(4 * chain.count, [chain, end] {
    std::string entries;
    entries.reserve(4 * chain.count);
    for (std::uint64_t next = chain.first + 1; next < chain.first + chain.count; ++next)
      append(entries, 4, next);
    append(entries, 4, end);
    return entries;
  });
}

}  // namespace gopack::image
