#include <sys/utsname.h>

#include <algorithm>
#include <array>
#include <utility>

#include "gopack/release/platform.hpp"

namespace gopack::release {

Platform Platform::host() {
  utsname name{};
  ::uname(&name);
  std::string os = name.sysname;
  std::transform(os.begin(), os.end(), os.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kArchitectures = {{
      {"x86_64", "amd64"},
      {"amd64", "amd64"},
      {"aarch64", "arm64"},
      {"arm64", "arm64"},
      {"i386", "386"},
      {"i686", "386"},
      {"armv6l", "arm"},
      {"armv7l", "arm"},
  }};
  const std::string_view machine = name.machine;
  const auto* known = std::find_if(kArchitectures.begin(), kArchitectures.end(),
                                   [&](const auto& pair) { return pair.first == machine; });
  return {os, std::string(known != kArchitectures.end() ? known->second : machine)};
}

}  // namespace gopack::release
