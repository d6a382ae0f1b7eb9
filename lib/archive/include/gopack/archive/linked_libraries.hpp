// The libraries that this module alone stands on.
#pragma once

#include <vector>

#include "gopack/base/linked_library.hpp"

namespace gopack::archive {

std::vector<LinkedLibrary> linked_libraries();

}  // namespace gopack::archive
