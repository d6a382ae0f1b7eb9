// pack: trees as an OCI image layout, from which other machines pull them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "gopack/digest/signature.hpp"
#include "gopack/workflow/session.hpp"

namespace gopack::workflow {

struct PackOptions {
  std::vector<std::string> selectors;   // none: every tree of the store
  std::vector<std::string> delta_from;  // trees of the store that machines may have already
  std::filesystem::path out;
  const digest::SecretKey* key = nullptr;  // signs manifests and provenance
  std::string gopack_version;
};

struct PackedTree {
  Tree tree;
  std::uint64_t bytes = 0;  // of manifest and packs
  std::size_t packs = 0;
};

struct PackedDelta {
  Tree from;
  Tree to;
  std::uint64_t bytes = 0;  // 0: it is not kept
  bool is_kept = false;     // not where it would be more than half of the whole tree
};

struct Packed {
  std::vector<PackedTree> trees;
  std::vector<PackedDelta> deltas;
};

// Adds to the layout in options.out, which stays as it was until all is there. Keeps leases on the trees.
// Throws Error, integrity where a tree is damaged.
Packed pack(const Session& session, const PackOptions& options);

}  // namespace gopack::workflow
