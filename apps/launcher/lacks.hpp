// What a command asks of Go that the tree in GOROOT does not have.
#pragma once

#include <string>
#include <vector>

#include "host.hpp"

namespace gopack::launcher {

// The line to say when `program` (go, gofmt) fails with these words, by the environment as it is bound, the
// settings in GOENV and the tree's manifest; empty where nothing is lacked or the manifest is not there. See
// gopack/launch/lacking.hpp.
std::string lacks(const std::string& program, const std::vector<std::string>& words, const Host& host);

}  // namespace gopack::launcher
