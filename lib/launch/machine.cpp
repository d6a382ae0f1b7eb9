#include "gopack/launch/machine.hpp"

#include "gopack/launch/rules.hpp"

namespace gopack::launch {

namespace {

bool matches(std::string_view pattern, std::string_view text) {
  for (; !pattern.empty(); pattern.remove_prefix(1), text.remove_prefix(1)) {
    if (pattern.front() == '*') return true;
    if (text.empty() || (pattern.front() != '?' && pattern.front() != text.front())) return false;
  }
  return text.empty();
}

}  // namespace

std::string to_architecture(std::string_view machine) {
  for (const auto& [pattern, architecture] : kMachines)
    if (matches(pattern, machine)) return std::string(architecture);
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
