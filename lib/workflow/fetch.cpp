#include "gopack/workflow/fetch.hpp"

namespace gopack::workflow {

std::vector<acquire::Fetched> fetch(const Session& session, const acquire::Request& request) {
  acquire::check_lock_file(request);
  const auto lock = session.store.lock(session.lock_patience, session.stop);
  return acquire::fetch(session.acquiring(), request);
}

}  // namespace gopack::workflow
