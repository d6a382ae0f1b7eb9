// What getting releases works with.
#pragma once

#include <optional>

#include "gopack/archive/unpack.hpp"
#include "gopack/base/report.hpp"
#include "gopack/store/store.hpp"
#include "gopack/transport/transport.hpp"

namespace gopack::acquire {

struct Context {
  const store::Store& store;  // whose lock the caller holds
  transport::Transport& transport;
  Run run;
  std::optional<transport::Url> official = {};  // what the source "official" means, if not Go's own site
  archive::Limits limits = {};
};

}  // namespace gopack::acquire
