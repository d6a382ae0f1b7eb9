// Trees as rows and as JSON, the same in every command.
#pragma once

#include "gopack/workflow/choose.hpp"
#include "program.hpp"

namespace gopack::app {

// {id, release, platforms, profile, stripped, files, bytes, current, path}
Json to_json(const store::Store& store, const workflow::Tree& tree);

// A line for each tree, `*` marking the current one.
std::string tree_table(const store::Store& store, const std::vector<workflow::Tree>& trees);

// "go1.23.4 minimal, linux/amd64"
std::string name_of(const workflow::Tree& tree);

// "go1.23.4 minimal (v_…)"
std::string describe(const workflow::Tree& tree);

}  // namespace gopack::app
