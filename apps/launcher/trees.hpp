// The trees that lie in a bundle.
#pragma once

#include <string>
#include <vector>

#include "choose.hpp"
#include "host.hpp"

namespace gopack::launcher {

// Of every tree that is whole, by name.
std::vector<TreeFacts> list_trees(const std::string& bundle, const Host& host);

// The first word of VERSION, such as go1.22.12; empty where there is none.
std::string release_of(const std::string& tree, const Host& host);

// A manifest without its list of files.
std::string manifest_head(const std::string& file);

}  // namespace gopack::launcher
