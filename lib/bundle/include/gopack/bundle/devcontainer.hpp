// A devcontainer.json (containers.dev, Development Container Specification) by which a container has the Go
// of a bundle.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "gopack/release/platform.hpp"

namespace gopack::bundle {

struct DevContainer {
  std::string name;                          // shown by editors
  std::string image;                         // of the container
  std::filesystem::path bundle;              // where it lies on the machine, absolute
  std::string tree;                          // "v_…"
  std::vector<release::Platform> platforms;  // of the tree
  release::Platform platform;                // of the container, one of them
};

// The platform of a container: this machine's processor if the tree serves it, else one that it serves.
// Throws Error (failed) when the tree has no Go for Linux on amd64 or arm64.
release::Platform container_platform(const std::vector<release::Platform>& platforms);

// The bundle is mounted read-only at /opt/gopack; what Go writes lies in a volume of the container's own,
// which the bundle's goenv.sh fills whenever the container starts. Throws Error (failed) for a path that a
// mount cannot name.
std::string to_json(const DevContainer& container);

}  // namespace gopack::bundle
