// publish: what `gopack pack` has made, to where other machines pull it from: a directory or a registry.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "gopack/pack/offer.hpp"
#include "gopack/workflow/session.hpp"

namespace gopack::workflow {

struct PublishOptions {
  std::filesystem::path layout;
  std::string to;  // a directory, or "oci://host/name[:tag]"
};

// Of one artifact: blobs that were there are not sent, nor those of an artifact before it.
struct Sent {
  std::size_t blobs = 0;
  std::uint64_t bytes = 0;
};
struct PublishedTree {
  pack::TreeOffer tree;
  Sent sent;
};
struct PublishedDelta {
  pack::DeltaOffer delta;
  Sent sent;
};
struct Published {
  std::string to;  // for people
  std::vector<PublishedTree> trees;
  std::vector<PublishedDelta> deltas;
};

// First all blobs, then manifests, then the index: who pulls meanwhile gets what was there before. Trees that
// are there already stay. What was cut goes on with the next blob. Throws Error: unreachable, integrity where
// a blob is not what its name says, busy, noroom.
Published publish(const Means& means, const PublishOptions& options);

}  // namespace gopack::workflow
