// A copy of a tree where programs may run.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "host.hpp"

namespace gopack::launcher {

struct Sum {
  std::string sha256;
  std::string path;  // below the tree
};

// What SHA256SUMS lists of a tree. A path that could lead out of the tree is not in the result.
std::vector<Sum> sums_of(std::string_view sha256sums, const std::string& tree);

// Whether a file of a GOROOT is a program.
bool is_program(std::string_view path);

// The size of a tree as its manifest says it; 0 when it does not.
std::uint64_t bytes_of(std::string_view manifest);

// The copy of `tree` in stage/ of the data directory: the one that is there when it was made from the tree's
// present manifest and has as many files and bytes, else a new one, each file checked against SHA256SUMS
// before the copy gets its name. Throws Failure.
std::string staged(const std::string& bundle, const std::string& tree, const std::string& data,
                   const Host& host);

}  // namespace gopack::launcher
