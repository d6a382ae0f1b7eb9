#include <fcntl.h>
#include <mach-o/dyld.h>
#include <sys/sysctl.h>
#include <unistd.h>

#include <cstdint>
#include <string>

#include "failure.hpp"
#include "system.hpp"
#include "system_posix.hpp"

namespace gopack::launcher::system {

std::string own_path() {
  std::uint32_t size = 0;
  ::_NSGetExecutablePath(nullptr, &size);  // tells the size
  std::string path(size, '\0');
  if (::_NSGetExecutablePath(path.data(), &size) != 0) throw Failure{"cannot tell where this program lies"};
  path.resize(path.find('\0'));
  return resolved(path);
}

// By Rosetta, as goenv.sh asks.
bool is_translated() {
  int translated = 0;
  std::size_t size = sizeof(translated);
  return ::sysctlbyname("sysctl.proc_translated", &translated, &size, nullptr, 0) == 0 && translated == 1;
}

void flush_all_of(int descriptor) {
  if (::fcntl(descriptor, F_FULLFSYNC) != 0) ::fsync(descriptor);
}

void end_with_parent() {}

}  // namespace gopack::launcher::system
