// Which platforms there are, and what somebody means who writes another word.
#pragma once

#include <string_view>
#include <vector>

#include "gopack/base/error.hpp"
#include "gopack/release/platform.hpp"

namespace gopack::release {

// Every platform that some release of Go from 1.18 on can build for, sorted.
const std::vector<Platform>& known_platforms();
bool is_known(const Platform& platform);

// The error (usage) about a word that means none of the platforms `known`: "\"win/amd64\" is not a platform",
// with a hint that names what the user may have meant. `kind` is what was wanted: "platform", "target".
Error unknown_platform(std::string_view text, std::string_view kind, const std::vector<Platform>& known);

}  // namespace gopack::release
