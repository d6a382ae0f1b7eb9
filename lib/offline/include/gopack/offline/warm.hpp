// The build cache of a bundle, filled beforehand.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "gopack/offline/context.hpp"
#include "gopack/store/catalog.hpp"
#include "gopack/target/space_estimate.hpp"
#include "gopack/tree/file_list.hpp"

namespace gopack::offline {

// What to compile: packages ("std"), and with which flags ("plain", "trimpath", "race").
struct WarmOptions {
  std::vector<std::string> packages;  // none: nothing
  std::vector<std::string> flags;     // none: plain and trimpath
};

// Throws Error (usage) for a flag that is not known.
void check_warm_flags(const WarmOptions& options);

// Throws Error: usage for a flag that is not known; failed when one of the trees has no Go for this machine
// or lacks one of the packages, or none can be built with a flag. The context's store has the trees; a bundle
// may not be there yet.
void check_warm(const Context& context, const std::vector<store::Tree>& trees, const WarmOptions& options);

// Adds what this will take in a target, as far as that can be known: nothing where it has been done, or for
// packages other than std. `store` has the trees.
void add_warm(target::SpaceEstimate& need, const store::Store& store, const std::filesystem::path& target,
              const std::vector<store::Tree>& trees, const WarmOptions& options);

// Compiles the packages with each tree's own go for each of its platforms into the bundle's build cache, with
// and without cgo where this machine can. Returns what was built, a line each, such as
// "go1.23.4 linux/amd64 -trimpath cgo". Throws Error.
std::vector<std::string> warm(const Context& context, const std::vector<store::Tree>& trees,
                              const WarmOptions& options);

// Adds the build cache that warm() has filled for `trees`, each file by its path in the bundle. It follows
// from what was compiled and, with cgo, by which C compiler: entries and files are of `time`, in seconds
// since 1970, the trees are named as $GOROOT, and what Go can find on this machine alone is left out. Throws
// Error.
void list_warm(const Context& context, const std::vector<store::Tree>& trees, tree::FileList& files,
               std::int64_t time);

}  // namespace gopack::offline
