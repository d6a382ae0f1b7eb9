#include <sys/utsname.h>

#include <algorithm>

#include "gopack/launch/machine.hpp"
#include "gopack/release/platform.hpp"

namespace gopack::release {

Platform Platform::host() {
  utsname name{};
  ::uname(&name);
  std::string os = name.sysname;
  std::transform(os.begin(), os.end(), os.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return {os, launch::to_architecture(name.machine)};
}

}  // namespace gopack::release
