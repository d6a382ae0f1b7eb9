// The libraries that this module alone stands on.
#pragma once

#include <vector>

#include "gopack/base/linked_library.hpp"

namespace gopack::pack {

std::vector<LinkedLibrary> linked_libraries();

}  // namespace gopack::pack
