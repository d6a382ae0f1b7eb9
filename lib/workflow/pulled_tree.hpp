// One tree from a layout into the store. Private to workflow.
#pragma once

#include "artifact_source.hpp"
#include "gopack/pack/offer.hpp"
#include "gopack/workflow/pull.hpp"

namespace gopack::workflow {

// How a tree comes here.
struct PullPlan {
  const pack::TreeOffer& offer;
  const pack::DeltaOffer* delta = nullptr;  // null: whole packs

  std::uint64_t bytes() const { return delta != nullptr ? delta->bytes : offer.bytes; }
};

// What is there of the store already decides. Of trees that are there nothing is got.
PullPlan plan_pull(const store::Store& store, const pack::Offers& offers, const pack::TreeOffer& offer);

// Gets the tree and publishes it. The caller holds the store's lock.
Pulled pull_tree(const Session& session, const PullOptions& options, const ArtifactSource& source,
                 const PullPlan& plan);

}  // namespace gopack::workflow
