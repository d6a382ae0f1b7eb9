// gopack for other systems, for `--with-gopack`.
#pragma once

#include <vector>

#include "gopack/bundle/files.hpp"

namespace gopack::app {

// From the directory in GOPACK_PROGRAMS, else from where packages have them, else from beside this program.
// Throws Error where there are none.
std::vector<bundle::BundleFile> installed_programs();

}  // namespace gopack::app
