// devcontainer: the devcontainer.json by which a project's container has the Go of a bundle.
#pragma once

#include <filesystem>
#include <string>

#include "gopack/store/catalog.hpp"
#include "gopack/workflow/session.hpp"

namespace gopack::workflow {

struct DevContainerOptions {
  std::filesystem::path bundle;
  std::filesystem::path project = ".";
  std::string image = "debian:12";
  bool force = false;  // replace another devcontainer.json that is there
};

struct DevContainerFile {
  std::filesystem::path path;  // absolute
  bool was_there = false;      // with the same text: nothing was written
  Tree tree;
  release::Platform platform;  // of the container
};

// Writes .devcontainer/devcontainer.json of the project, for the current tree of the bundle. Throws Error:
// failed when it is none, has no Go for Linux, or when there is another devcontainer.json; nothing is written
// then.
DevContainerFile write_devcontainer(const DevContainerOptions& options);

}  // namespace gopack::workflow
