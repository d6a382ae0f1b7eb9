// The outer frame of an index: what it is of, and its two compressed parts.
#pragma once

#include <string>
#include <string_view>

#include "gopack/archive/index.hpp"

namespace gopack::archive {

std::string assemble_index(const IndexedPass& pass, std::string_view files, std::string_view points);

}  // namespace gopack::archive
