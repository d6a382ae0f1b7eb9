// SHA256SUMS of a bundle, which says what lies beside its trees.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gopack/store/store.hpp"
#include "gopack/store/verify.hpp"

namespace gopack::image {
class Reader;
}

namespace gopack::bundle {

inline constexpr const char* kChecksums = "SHA256SUMS";

struct BesideCheck {
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
  std::vector<store::Problem> problems;
};

// What it lists beside the trees: launchers, page and the manifests of trees that exist; it must list each
// launcher that exists and the manifest of the current tree, which is published later than its line. Nothing
// where the store is not a bundle. Throws Error.
std::optional<BesideCheck> verify_beside(const store::Store& store);
// The same of a bundle in an image.
std::optional<BesideCheck> verify_beside(const image::Reader& image);
// What its pointer says, whether or not that tree is there; links there are none.
std::optional<tree::StoreId> current_of(const image::Reader& image);
// Those whose manifests an image has.
std::vector<tree::StoreId> trees_of(const image::Reader& image);

struct BesideRepair {
  std::size_t restored = 0;
  std::vector<std::string> lost;  // paths of files that this program cannot write: it has not written them
};

// Restores of them what this program can write. Throws Error.
BesideRepair repair_beside(const store::Store& store);

// Takes the lines of trees out that have gone.
void forget_removed(const store::Store& store);

}  // namespace gopack::bundle
