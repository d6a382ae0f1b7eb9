// What a layout offers: trees, and deltas between them, as its index names them. What the annotations say
// proves nothing: they only help to choose.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gopack/pack/delta.hpp"
#include "gopack/pack/oci.hpp"
#include "gopack/tree/manifest.hpp"

namespace gopack::pack {

struct TreeOffer {
  tree::Manifest head;  // release, platforms, profile, stripped; without files
  tree::StoreId id;
  Descriptor artifact;
  std::uint64_t bytes = 0;  // of manifest and packs
};

struct DeltaOffer {
  tree::StoreId from;
  tree::StoreId to;
  Descriptor artifact;
  std::uint64_t bytes = 0;  // of operations and data
};

struct Offers {
  std::vector<TreeOffer> trees;
  std::vector<DeltaOffer> deltas;

  // The smallest delta to `to` from one of `trees` that is worthwhile beside `whole` bytes; null: none.
  const DeltaOffer* find_delta(const std::vector<tree::StoreId>& trees, const tree::StoreId& to,
                               std::uint64_t whole) const;
};

// Artifacts of other kinds are passed over. Throws Error (integrity).
Offers read_offers(std::string_view index);

// The most bytes of a delta that is got rather than `whole` bytes.
std::uint64_t most_of_delta(std::uint64_t whole);

// The other way: the annotations by which an index tells what an artifact is. `time` is the release's, in
// seconds since 1970.
Annotations annotate(const tree::Manifest& manifest, std::uint64_t bytes, std::optional<std::int64_t> time);
Annotations annotate(const Delta& delta, std::uint64_t bytes);
// "d-<from>-<to>", with twelve digits of each: what registries allow as a tag.
std::string ref_of(const Delta& delta);
// Whether that is the ref of a delta or of a tree, which is its name.
bool is_ref(std::string_view text);

}  // namespace gopack::pack
