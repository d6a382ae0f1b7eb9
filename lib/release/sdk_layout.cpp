#include "gopack/release/sdk_layout.hpp"

#include <fmt/format.h>

namespace gopack::release {

bool is_executable(const tree::RelPath& path) {
  if (path.starts_with("bin") || path.starts_with("pkg/tool")) return true;
  const auto name = path.name();
  for (const std::string_view ending : {".bash", ".sh", ".pl", ".rc"}) {
    if (name.ends_with(ending)) return true;
  }
  // go_<os>_<arch>_exec: how `go run` starts programs of other systems.
  constexpr std::string_view kStart = "go_";
  constexpr std::string_view kEnd = "_exec";
  if (!name.starts_with(kStart) || !name.ends_with(kEnd) || name.size() < kStart.size() + kEnd.size())
    return false;
  const auto middle = name.substr(kStart.size(), name.size() - kStart.size() - kEnd.size());
  const auto separator = middle.find('_', 1);
  return separator != std::string_view::npos && separator + 1 < middle.size();
}

std::string toolchain_module_root(const Version& version, const Platform& platform) {
  return fmt::format("golang.org/toolchain@v0.0.1-{}.{}-{}", version.name(), platform.os, platform.arch);
}

SdkLayout::SdkLayout(tree::TreeSink& downstream, const Platform& platform,
                     const std::vector<Platform>& platforms, bool is_module)
    : downstream_(downstream),
      command_directory_(release::command_directory(platform, platforms)),
      is_module_(is_module) {}

void SdkLayout::add(const tree::Entry& entry, ByteSource& content) {
  auto placed = entry;
  if (is_module_) {
    if (entry.path.text() == "go.mod") return;
    if (entry.path.name() == "_go.mod") {
      const auto parent = entry.path.parent();
      placed.path = tree::RelPath(parent.empty() ? "go.mod" : fmt::format("{}/go.mod", parent));
    }
  }
  if (entry.path.parent() == "bin")
    placed.path = tree::RelPath(fmt::format("{}/{}", command_directory_, entry.path.name()));
  placed.executable = is_executable(placed.path);
  downstream_.add(placed, content);
}

}  // namespace gopack::release
