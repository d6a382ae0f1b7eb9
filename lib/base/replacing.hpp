// How a name is replaced in one step. Private to base.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "gopack/base/error.hpp"
#include "gopack/base/file.hpp"

namespace gopack {

// What find_replaced knows again.
std::string temporary_name(std::string_view name);

// Runs `make`, which creates the name it is given, and renames that over `name`.
void replace(const Dir& dir, const std::string& name, bool sync,
             const std::function<void(const std::string&)>& make);

}  // namespace gopack
