// The go command on a project's modules, with and without a network. Private to offline.
#pragma once

#include <filesystem>
#include <vector>

#include "bundled_go.hpp"
#include "gopack/base/file.hpp"

namespace gopack::offline {

class ModuleCommand {
 public:
  // Works in the data directory `data`. Go's settings: this environment's, else those of the go.env there,
  // else what this machine's go says. What is temporary lies in the directory `temporary`.
  ModuleCommand(const Context& context, const std::filesystem::path& data, const store::Tree& tree,
                const Dir& temporary);

  // All that the project of this go.mod or go.work needs, also for its tests. Throws Error, as everything
  // here does.
  void download(const std::filesystem::path& project);

  // From here on without a network: modules come from directories alone, none from its repository, and a
  // proxy that does not exist answers what would ask one all the same.
  void disconnect();

  // As the go command decides it without -mod, by vendor/modules.txt and the go line.
  bool builds_from_vendor(const std::filesystem::path& project) const;

  // Everything without a network and without any proxy.
  void rehearse(const std::filesystem::path& project);

 private:
  void rehearse_vendored(const std::filesystem::path& project);
  void rehearse_modules(const std::filesystem::path& project);
  std::filesystem::path temporary() const { return go_.environment.at("GOTMPDIR"); }
  std::vector<std::filesystem::path> directories_of(const std::filesystem::path& project) const;

  BundledGo go_;
};

}  // namespace gopack::offline
