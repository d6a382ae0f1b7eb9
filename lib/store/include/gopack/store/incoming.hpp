// Blobs of trees that are on their way into a store, as far as they have come: kept for another try, dropped
// once the trees are there, and by `gc`. The caller holds the store's lock.
#pragma once

#include "gopack/store/store.hpp"

namespace gopack::store {

// Made when missing.
Dir incoming(const Store& store);
void drop_incoming(const Store& store);

}  // namespace gopack::store
