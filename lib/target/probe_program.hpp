#pragma once

#include <string_view>

namespace gopack::target {

// The smallest program of this system: a script that ends well.
struct ProbeProgram {
  std::string_view name;
  std::string_view content;
};

ProbeProgram probe_program();

}  // namespace gopack::target
