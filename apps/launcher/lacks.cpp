#include "lacks.hpp"

#include "gopack/launch/lacking.hpp"
#include "system.hpp"
#include "trees.hpp"

namespace gopack::launcher {

namespace {

std::string variable(const char* name) {
  return system::variable(name).value_or("");
}

// The platform whose programs are taken.
std::string platform(const std::string& goroot, const Host& host) {
  for (const auto& architecture : host.architectures) {
    const auto tools = host.join(goroot, "pkg/tool/" + host.os + "_" + architecture);
    if (system::kind(tools) == system::Kind::directory) return host.os + "/" + architecture;
  }
  return {};
}

}  // namespace

std::string lacks(const std::string& program, const std::vector<std::string>& words, const Host& host) {
  const auto goroot = variable("GOROOT");
  const auto tree = launch::parse_abilities(manifest_head(goroot + ".json"));
  const auto go_env = system::read_file(variable("GOENV")).value_or("");
  return launch::find_lacking(tree, {program, words, platform(goroot, host), variable, go_env}).value_or("");
}

}  // namespace gopack::launcher
