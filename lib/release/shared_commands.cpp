#include "gopack/release/shared_commands.hpp"

#include <algorithm>
#include <span>

#include "gopack/base/embedded.hpp"

namespace gopack::release {

// command.sh, compiled in.
std::span<const EmbeddedFile> command_files();

void add_shared_commands(const std::vector<Platform>& platforms, tree::TreeSink& sink) {
  const bool is_wanted = std::any_of(platforms.begin(), platforms.end(), [&](const Platform& platform) {
    return platform.os != "windows" && command_directory(platform, platforms) != "bin";
  });
  if (!is_wanted) return;
  const auto text = command_files().front().text;
  for (const char* path : {"bin/go", "bin/gofmt"}) {
    MemorySource content(text);
    sink.add({.path = tree::RelPath(path), .executable = true, .size = text.size()}, content);
  }
}

}  // namespace gopack::release
