// How the siblings are named that take the place of files and links. Private to base.
#pragma once

#include <string>
#include <string_view>

namespace gopack {

// What find_replaced knows again.
std::string temporary_name(std::string_view name);

}  // namespace gopack
