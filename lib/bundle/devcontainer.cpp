#include "gopack/bundle/devcontainer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "gopack/base/error.hpp"
#include "gopack/bundle/environment.hpp"

namespace gopack::bundle {

namespace {

using release::Platform;
using Json = nlohmann::ordered_json;

// In the container.
const std::filesystem::path kBundle = "/opt/gopack";
const std::filesystem::path kData = "/opt/gopack-data";

// The binding of the tree as the container sees it.
Binding bind(const DevContainer& container) {
  auto binding =
      bind_environment(container.bundle / container.tree, kData, container.platforms, container.platform);
  const auto goroot = kBundle / container.tree;
  for (auto& [name, value] : binding.set) {
    if (name == "GOROOT") value = goroot.string();
  }
  binding.path.front() = goroot / release::command_directory(container.platform, container.platforms);
  return binding;
}

std::string mount_bundle(const std::filesystem::path& bundle) {
  const auto source = bundle.string();
  const bool is_plain = printable(source) == source && source.find_first_of(",\"") == std::string::npos &&
                        source.find("${") == std::string::npos;
  if (is_plain) return fmt::format("type=bind,source={},target={},readonly", source, kBundle.string());
  throw Error(
      ErrorKind::failed,
      fmt::format("cannot mount {} in a container: commas, quotes, ${{ and invisible characters do not pass",
                  printable(bundle)))
      .with_hint("give the bundle a path without them");
}

}  // namespace

Platform container_platform(const std::vector<Platform>& platforms) {
  for (const auto& arch : {Platform::host().arch, std::string("amd64"), std::string("arm64")}) {
    Platform platform{"linux", arch};
    if (std::find(platforms.begin(), platforms.end(), platform) != platforms.end()) return platform;
  }
  throw Error(
      ErrorKind::failed,
      fmt::format("cannot serve a container: the bundle's Go is for {}, and a container needs linux/amd64 "
                  "or linux/arm64",
                  release::join(platforms)))
      .with_hint("bundle a tree that has it: `gopack fetch -p linux/amd64`, `gopack trim`, `gopack bundle`");
}

std::string to_json(const DevContainer& container) {
  const auto binding = bind(container);
  Json variables = Json::object();
  for (const auto& [name, value] : binding.set) variables[name] = value;
  Json remote = Json::object();
  std::string path;
  for (const auto& directory : binding.path) path += directory.string() + ":";
  remote["PATH"] = path + "${containerEnv:PATH}";
  const Json document = {
      {"name", container.name},
      {"image", container.image},
      {"runArgs", {"--platform=" + container.platform.text()}},
      {"mounts",
       {mount_bundle(container.bundle),
        {{"type", "volume"}, {"source", "gopack-${devcontainerId}"}, {"target", kData.string()}}}},
      {"containerEnv", variables},
      {"remoteEnv", remote},
      {"postStartCommand", {"sh", (kBundle / "goenv.sh").string(), "--data-dir", kData.string()}},
      {"waitFor", "postStartCommand"}};
  return document.dump(2) + "\n";
}

}  // namespace gopack::bundle
