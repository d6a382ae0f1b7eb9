// What a bundle is to have, as `bundle` and `image` are told it.
#pragma once

#include <string>
#include <vector>

#include "command_line.hpp"
#include "gopack/workflow/bundle.hpp"

namespace gopack::app {

// What the command line says, before it is understood.
struct ContentArguments {
  workflow::BundleContent content;
  std::vector<std::string> modules;
  std::vector<std::string> go_env;
  bool with_gopack = false;
};

void add_content(Command& command, ContentArguments& arguments);

// Throws Error (usage).
void read_content(const ContentArguments& arguments, workflow::BundleContent& content);

}  // namespace gopack::app
