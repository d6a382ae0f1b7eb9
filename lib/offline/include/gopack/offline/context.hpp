// What making a bundle ready for work without a network needs.
#pragma once

#include "gopack/base/report.hpp"
#include "gopack/store/store.hpp"

namespace gopack::offline {

struct Context {
  const store::Store& store;   // has the trees, and room for what is temporary
  const store::Store& bundle;  // that is filled
  Run run;
  bool may_use_network = true;
};

}  // namespace gopack::offline
