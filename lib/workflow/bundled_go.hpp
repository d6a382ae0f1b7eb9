// The go command of a tree that is bundled, run while the bundle is made. Private to workflow.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "gopack/base/process.hpp"
#include "gopack/store/catalog.hpp"
#include "gopack/workflow/session.hpp"

namespace gopack::workflow {

// The data directory of a bundle.
inline constexpr const char* kData = "shared";

class BundledGo {
 public:
  // The tree's copy in the session's store, where it is there, does the work, else that in `bundle`: a stick
  // may be slow, or not let programs run. What it writes lies in the directory `data`. Throws Error (failed)
  // when the tree has no Go for this machine; `purpose` says what it was wanted for.
  BundledGo(const Session& session, const store::Store& bundle, const std::filesystem::path& data,
            const Tree& tree, const std::string& purpose);

  // As the launchers bind it; nothing else of Go's is inherited.
  Environment environment;

  // Runs `go ARGUMENTS…` in `directory`. Throws Error (failed), which has what it said, unless it ends well;
  // interrupted when the session stops.
  std::string run(const std::vector<std::string>& arguments, const std::filesystem::path& directory) const;

 private:
  std::stop_token stop_;
  std::filesystem::path program_;
  std::string purpose_;
};

// Throws Error (failed) as the constructor does.
void require_host(const Tree& tree, const std::string& purpose);

}  // namespace gopack::workflow
