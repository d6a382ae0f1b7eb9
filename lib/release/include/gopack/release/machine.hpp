// Which programs a machine runs. The native launcher compiles this as well: it needs nothing but the
// language. goenv.sh and command.sh have the same rules.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gopack::release {

// The GOARCH of what `uname -m` says: "x86_64" is amd64.
std::string to_architecture(std::string_view machine);

// The GOARCH of the programs that run on a machine, the best first: its own, then those it runs as well.
std::vector<std::string> runnable_architectures(std::string_view os, const std::string& own);

}  // namespace gopack::release
