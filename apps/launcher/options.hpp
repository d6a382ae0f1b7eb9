// The options of a launcher, which stand before the arguments for Go.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gopack::launcher {

struct Options {
  bool portable = false;
  std::string data_dir;   // empty: not named
  std::string tree;       // the word behind +; empty: not named
  std::size_t count = 0;  // arguments that were options
};

// Throws Failure (2) when --data-dir has no directory.
Options parse_options(const std::vector<std::string>& arguments);

// The program that a launcher of this file name stands for: gofmt for gofmt, gofmt.exe …, otherwise go.
std::string program_for(std::string_view launcher_name);

}  // namespace gopack::launcher
