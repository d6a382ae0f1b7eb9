// Trees as rows and as JSON, the same in every command.
#pragma once

#include "gopack/store/catalog.hpp"
#include "gopack/workflow/inventory.hpp"
#include "program.hpp"

namespace gopack::app {

// {id, release, platforms, profile}
Json identity(const store::Tree& tree);
// {id, release, platforms, profile, stripped, files, bytes, current, path}
Json to_json(const store::Store& store, const store::Tree& tree);
Json to_json(const store::Store& store, const workflow::ListedTree& listed);

// A line for each tree, `*` marking the current one.
std::string tree_table(const store::Store& store, const std::vector<store::Tree>& trees);
std::string tree_table(const store::Store& store, const std::vector<workflow::ListedTree>& trees);

// "go1.23.4 minimal, linux/amd64"
std::string name_of(const store::Tree& tree);

// "go1.23.4 minimal (v_…)"
std::string describe(const store::Tree& tree);

}  // namespace gopack::app
