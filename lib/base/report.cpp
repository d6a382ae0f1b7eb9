#include "gopack/base/report.hpp"

#include "gopack/base/error.hpp"

namespace gopack {

void throw_if_stopped(const std::stop_token& stop) {
  if (stop.stop_requested()) {
    throw Error(ErrorKind::interrupted, "interrupted")
        .with_hint("run the same command again to go on where it stopped");
  }
}

}  // namespace gopack
