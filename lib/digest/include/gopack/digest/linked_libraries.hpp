// The libraries that this module alone stands on.
#pragma once

#include <vector>

#include "gopack/base/linked_library.hpp"

namespace gopack::digest {

std::vector<LinkedLibrary> linked_libraries();

}  // namespace gopack::digest
