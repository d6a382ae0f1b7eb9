#include "gopack/base/process.hpp"

#include <algorithm>

namespace gopack {

bool has_c_compiler(const Environment& environment) {
  const auto value = [&](const char* name) {
    const auto variable = environment.find(name);
    return variable == environment.end() ? std::string() : variable->second;
  };
  auto named = value("CC");
  named.erase(std::min(named.find(' '), named.size()));  // flags may follow
  const std::filesystem::path compiler(named.empty() ? "gcc" : named);
  const auto path = compiler.has_parent_path() ? compiler.parent_path().string() : value("PATH");
  return find_program(compiler.filename().string(), path).has_value();
}

}  // namespace gopack
