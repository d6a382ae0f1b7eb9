// The way of every launcher: find the bundle and its current tree, bind the environment, hand over.
#pragma once

#include <string>
#include <vector>

#include "host.hpp"

namespace gopack::launcher {

struct Launch {
  std::string program;    // whole path
  std::size_t count = 0;  // arguments that were for the launcher
};

// Prepares the data directory and this process's environment. `bundle` is the directory of the launcher,
// `name` the program that is wanted (go, gofmt). Throws Failure.
Launch prepare(const std::string& bundle, const std::string& name, const std::vector<std::string>& arguments,
               const Host& host);

}  // namespace gopack::launcher
