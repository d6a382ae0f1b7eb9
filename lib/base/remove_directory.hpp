// Private to base.
#pragma once

#include <string>

#include "gopack/base/file.hpp"

namespace gopack {

// Removes an empty directory. Throws Error.
void remove_directory(const Dir& dir, const std::string& name);

}  // namespace gopack
