// Modules of projects in a bundle's module cache. Private to workflow.
#pragma once

#include <filesystem>
#include <vector>

#include "gopack/workflow/choose.hpp"
#include "gopack/workflow/session.hpp"

namespace gopack::workflow {

// Downloads with the tree's own go, through the module proxy of Go's settings, all that the projects of these
// go.mod and go.work files need offline to build, test, vet, tidy and verify, and then tries that without a
// network. The projects stay as they are. The module cache's cache/download is a file:// proxy. Throws Error.
void bring_modules(const Session& session, const store::Store& bundle, const Tree& tree,
                   const std::vector<std::filesystem::path>& projects);

// Throws Error (usage) for what is no go.mod or go.work file.
void check_projects(const std::vector<std::filesystem::path>& projects);

}  // namespace gopack::workflow
