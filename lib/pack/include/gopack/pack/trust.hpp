// Whose trees are taken.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gopack/digest/signature.hpp"

namespace gopack::pack {

struct Trust {
  std::vector<digest::PublicKey> keys;
  bool allow_unsigned = false;  // takes what nobody has signed; where there are keys, a signature has to hold
};

// The signed comment of a tree's manifest, of the first of its signatures that holds; empty for one that is
// taken unsigned. Throws Error (integrity) that tells a tree without a signature, one that is signed while no
// key is trusted, one by another key, and a signature that does not hold.
std::string require_trusted(std::string_view manifest, const std::vector<std::string>& signatures,
                            const Trust& trust);

}  // namespace gopack::pack
