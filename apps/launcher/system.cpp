// What is the same on every system.
#include "system.hpp"

namespace gopack::launcher::system {

std::optional<std::string> read_file(const std::string& path) {
  std::string text;
  const bool good = read_path(path, [&](std::string_view bytes) {
    text += bytes;
    return true;
  });
  if (!good) return std::nullopt;
  return text;
}

}  // namespace gopack::launcher::system
