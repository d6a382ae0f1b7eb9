// The go command of a tree that is bundled, run while the bundle is made. Private to offline.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "gopack/base/process.hpp"
#include "gopack/offline/context.hpp"
#include "gopack/store/catalog.hpp"

namespace gopack::offline {

// The data directory of a bundle.
inline constexpr const char* kData = "shared";

class BundledGo {
 public:
  // The tree's copy in the context's store, where it is there, does the work, else that in `bundle`: a stick
  // may be slow, or not let programs run. What it writes lies in the directory `data`. Throws Error (failed)
  // when the tree has no Go for this machine; `purpose` says what it was wanted for.
  BundledGo(const Context& context, const std::filesystem::path& data, const store::Tree& tree,
            const std::string& purpose);

  // As the launchers bind it; nothing else of Go's is inherited.
  Environment environment;

  // Runs `go ARGUMENTS…` in `directory`. Throws Error (failed), which has what it said, unless it ends well;
  // interrupted when the context stops.
  std::string run(const std::vector<std::string>& arguments, const std::filesystem::path& directory) const;

 private:
  std::stop_token stop_;
  std::filesystem::path program_;
  std::string purpose_;
};

// Throws Error (failed) as the constructor does.
void require_host(const store::Tree& tree, const std::string& purpose);

}  // namespace gopack::offline
