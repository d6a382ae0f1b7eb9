#include "gopack/release/machine.hpp"

namespace gopack::release {

std::string to_architecture(std::string_view machine) {
  if (machine == "x86_64" || machine == "amd64") return "amd64";
  if (machine == "aarch64" || machine == "arm64") return "arm64";
  if (machine == "loongarch64") return "loong64";
  if (machine.starts_with("arm")) return "arm";
  const bool is_86 = machine.size() == 4 && machine.front() == 'i' && machine.ends_with("86");
  if (is_86 || machine == "i86pc" || machine == "x86") return "386";
  return std::string(machine);
}

std::vector<std::string> runnable_architectures(std::string_view os, const std::string& own) {
  if (os == "windows" && own == "arm64") return {own, "amd64", "386"};
  if (os == "darwin" && own == "arm64") return {own, "amd64"};
  if (os != "darwin" && own == "amd64") return {own, "386"};
  if (os == "linux" && own == "arm64") return {own, "arm"};
  return {own};
}

}  // namespace gopack::release
