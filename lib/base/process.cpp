#include "gopack/base/process.hpp"

#include <algorithm>

namespace gopack {

std::string value_of(const Environment& environment, const std::string& name) {
  const auto variable = environment.find(name);
  return variable == environment.end() ? std::string() : variable->second;
}

bool has_c_compiler(const Environment& environment) {
  auto named = value_of(environment, "CC");
  named.erase(std::min(named.find(' '), named.size()));  // flags may follow
  const std::filesystem::path compiler(named.empty() ? "gcc" : named);
  const auto path =
      compiler.has_parent_path() ? compiler.parent_path().string() : value_of(environment, "PATH");
  return find_program(compiler.filename().string(), path).has_value();
}

}  // namespace gopack
