#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>

#include "failure.hpp"
#include "system.hpp"
#include "system_posix.hpp"

namespace gopack::launcher::system {

std::string own_path() {
  if (auto path = link_target("/proc/self/exe")) return *path;
  throw Failure{"cannot tell where this program lies: /proc is not mounted"};
}

bool is_translated() {
  return false;
}

void flush_all_of(int descriptor) {
  ::syncfs(descriptor);
}

void end_with_parent() {
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
}

}  // namespace gopack::launcher::system
