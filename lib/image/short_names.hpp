// The short names (8.3) that FAT keeps beside long ones. Private to image.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "nodes.hpp"

namespace gopack::image {

// As it lies in a directory entry: 8 characters and 3, padded with blanks, without the dot.
using ShortName = std::array<char, 11>;

// Whether a name is a short name as it is, and needs no long one: "README.TXT".
bool is_short_name(const std::u16string& name);

// Those of a directory's children, each a different one. They follow from the names alone.
std::vector<ShortName> short_names(const Nodes& nodes, const std::vector<std::size_t>& children);

}  // namespace gopack::image
