// The build cache of a bundle, filled beforehand. Private to workflow.
#pragma once

#include <string>
#include <vector>

#include "gopack/workflow/choose.hpp"
#include "gopack/workflow/session.hpp"

namespace gopack::workflow {

// What to compile: packages ("std"), and with which flags ("plain", "trimpath", "race").
struct WarmOptions {
  std::vector<std::string> packages;  // none: nothing
  std::vector<std::string> flags;     // none: plain and trimpath
};

// Throws Error: usage for a flag that is not known; failed when one of the trees has no Go for this machine.
void check_warm(const WarmOptions& options, const std::vector<Tree>& trees);

// Bytes that this will take in a target with blocks of that size, as far as that can be known: nothing where
// it has been done, or for packages other than std. `store` has the trees.
std::uint64_t room_to_warm(const store::Store& store, const std::filesystem::path& target,
                           const std::vector<Tree>& trees, const WarmOptions& options,
                           std::uint64_t block_size);

// Compiles the packages with each tree's own go for each of its platforms into the bundle's build cache, with
// and without cgo where this machine can. Returns what was built, a line each, such as
// "go1.23.4 linux/amd64 -trimpath cgo". Throws Error.
std::vector<std::string> warm(const Session& session, const store::Store& target,
                              const std::vector<Tree>& trees, const WarmOptions& options);

}  // namespace gopack::workflow
