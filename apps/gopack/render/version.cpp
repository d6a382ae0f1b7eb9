#include "version.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "gopack/archive/linked_libraries.hpp"
#include "gopack/digest/linked_libraries.hpp"
#include "gopack/pack/linked_libraries.hpp"
#include "gopack/transport/linked_libraries.hpp"
#include "gopack/tree/linked_libraries.hpp"

namespace gopack::app {

namespace {

std::vector<LinkedLibrary> libraries() {
  auto all = digest::linked_libraries();
  for (const auto& more : {tree::linked_libraries(), transport::linked_libraries(),
                           archive::linked_libraries(), pack::linked_libraries()}) {
    all.insert(all.end(), more.begin(), more.end());
  }
  all.push_back({"yaml-cpp", YAML_CPP_VERSION});
  all.push_back({"CLI11", CLI11_VERSION});
  all.push_back({"nlohmann-json", fmt::format("{}.{}.{}", NLOHMANN_JSON_VERSION_MAJOR,
                                              NLOHMANN_JSON_VERSION_MINOR, NLOHMANN_JSON_VERSION_PATCH)});
  all.push_back(
      {"fmt", fmt::format("{}.{}.{}", FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100)});
  return all;
}

}  // namespace

std::string version_text(bool with_libraries, bool json) {
  if (json) {
    nlohmann::ordered_json document{
        {"schema", 1}, {"version", GOPACK_VERSION}, {"libraries", nlohmann::ordered_json::array()}};
    for (const auto& library : libraries()) {
      document["libraries"].push_back({{"name", library.name}, {"version", library.version}});
    }
    return document.dump(2);
  }
  std::string text = "gopack " GOPACK_VERSION;
  if (!with_libraries) return text;
  for (const auto& library : libraries()) text += fmt::format("\n{:<14}  {}", library.name, library.version);
  return text;
}

}  // namespace gopack::app
