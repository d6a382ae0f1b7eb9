// What every workflow works with. `main` makes one and passes it on; nothing here is global.
#pragma once

#include <chrono>
#include <optional>
#include <stop_token>

#include "gopack/acquire/context.hpp"
#include "gopack/archive/unpack.hpp"
#include "gopack/base/report.hpp"
#include "gopack/store/catalog.hpp"
#include "gopack/store/store.hpp"
#include "gopack/transport/transport.hpp"

namespace gopack::workflow {

using store::Tree;

// What is the same for all stores.
struct Means {
  transport::Transport& transport;
  Reporter& reporter;
  std::stop_token stop;
  unsigned jobs = 1;                              // threads and downloads at a time
  std::chrono::milliseconds lock_patience{5000};  // how long to wait for another gopack
  std::optional<transport::Url> official = {};    // what the source "official" means, if not Go's own site
  archive::Limits limits;                         // of archives

  store::Wait wait() const { return {lock_patience, stop}; }
  Run run() const { return {reporter, stop, jobs}; }
};

// On one store; `{session, store}` is a session on another one by the same means.
struct Session : Means {
  const store::Store& store;

  acquire::Context acquiring() const { return {store, transport, run(), official, limits}; }
};

}  // namespace gopack::workflow
