// Which programs a machine runs, by the tables of rules.hpp. Needs nothing but the language: the native
// launcher compiles it as well.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gopack::launch {

// The GOARCH of what `uname -m` says: "x86_64" is amd64.
std::string to_architecture(std::string_view machine);

// The GOARCH of the programs that run on a machine, the best first: its own, then those it runs as well.
std::vector<std::string> runnable_architectures(std::string_view os, const std::string& own);

}  // namespace gopack::launch
