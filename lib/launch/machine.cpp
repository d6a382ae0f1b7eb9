#include "gopack/launch/machine.hpp"

#include "gopack/launch/rules.hpp"

namespace gopack::launch {

std::string to_architecture(std::string_view machine) {
  for (const auto& [pattern, architecture] : kMachines)
    if (fits(pattern, machine)) return std::string(architecture);
  return std::string(machine);
}

std::vector<std::string> runnable_architectures(std::string_view os, const std::string& own) {
  std::vector<std::string> architectures = {own};
  for (const auto& row : kRuns) {
    if (own != row.own || (os != row.system && row.system != "*")) continue;
    for (const auto other : row.others)
      if (!other.empty()) architectures.emplace_back(other);
    break;
  }
  return architectures;
}

}  // namespace gopack::launch
