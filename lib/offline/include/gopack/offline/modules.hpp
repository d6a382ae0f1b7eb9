// Modules of projects in a bundle's module cache.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "gopack/offline/context.hpp"
#include "gopack/store/catalog.hpp"
#include "gopack/store/store.hpp"
#include "gopack/tree/file_list.hpp"
#include "gopack/tree/tree_sink.hpp"

namespace gopack::offline {

// All that projects need offline to build, test, vet, tidy and verify. It is downloaded to this machine
// first, so that what a bundle cannot hold is found before anything is written there.
class Modules {
 public:
  // Downloads for the projects of these go.mod and go.work files, which stay as they are, with the tree's own
  // go and by the settings of Go that are in `go_env`; what the bundle has is not downloaded again. Without
  // projects it does nothing, here and below. The arguments outlive this object. Throws Error.
  Modules(const Context& context, const store::Tree& tree, const std::vector<std::filesystem::path>& projects,
          const std::string& go_env);

  // What the bundle lacks, by its path there.
  const std::vector<tree::Entry>& missing() const { return missing_; }

  // Copies that into the bundle, where the go.env is already, and then tries the projects without a network.
  // The module cache's cache/download is a file:// proxy. Throws Error.
  void bring() const;

  // Adds what bring() has put there, each file by its path in the bundle and of this time, in seconds since
  // 1970, with a mark for launchers that follows from it. Throws Error.
  void list(tree::FileList& files, std::int64_t time) const;

 private:
  void download(const store::Staging& staging, const std::string& go_env) const;

  Context context_;
  const store::Tree& tree_;
  const std::vector<std::filesystem::path>& projects_;
  std::optional<store::Staging> staging_;  // has a data directory of Go's
  std::vector<tree::Entry> missing_;
};

// Throws Error (usage) for what is no go.mod or go.work file.
void check_projects(const std::vector<std::filesystem::path>& projects);

}  // namespace gopack::offline
