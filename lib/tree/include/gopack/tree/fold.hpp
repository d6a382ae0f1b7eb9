// What filesystems that ignore case and Unicode form make of a path.
#pragma once

#include <string>
#include <string_view>

namespace gopack::tree {

// Paths that some filesystem takes for the same have the same folded form: all of Unicode's case mappings,
// the one-way and Turkish ones too, and normal form C. `path` must be UTF-8.
std::string fold(std::string_view path);

}  // namespace gopack::tree
