#include <sstream>

#include "gopack/attest/attest.hpp"

namespace gopack::attest {

// "# golang.org/x/net v0.47.0", then lines of its packages; "## explicit" and "# a => b" say other things.
std::vector<Module> parse_modules(std::string_view modules_txt) {
  std::vector<Module> modules;
  std::istringstream lines{std::string(modules_txt)};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string mark, path, version, more;
    words >> mark >> path >> version;
    if (mark == "#" && version.starts_with('v') && !(words >> more)) modules.push_back({path, version});
  }
  return modules;
}

bool has_programs(const tree::Manifest& manifest) {
  for (const auto& file : manifest.files) {
    if (file.executable && (file.path.starts_with("bin") || file.path.starts_with("pkg/tool"))) return true;
  }
  return false;
}

}  // namespace gopack::attest
