#include "host.hpp"

#include <algorithm>

namespace gopack::launcher {

std::string Host::join(std::string_view directory, std::string_view below) const {
  std::string path(directory);
  if (!path.ends_with(separator)) path += separator;
  const auto start = path.size();
  path += below;
  std::replace(path.begin() + static_cast<std::ptrdiff_t>(start), path.end(), '/', separator);
  return path;
}

std::string Host::parent(std::string_view path) const {
  const auto end = path.rfind(separator);
  std::string directory(path.substr(0, end == std::string_view::npos ? 0 : end));
  if (directory.empty() || directory.ends_with(':')) directory += separator;
  return directory;
}

std::string Host::name(std::string_view path) const {
  return std::string(path.substr(path.rfind(separator) + 1));
}

bool Host::is_absolute(std::string_view path) const {
  if (path.starts_with(separator) || path.starts_with('/')) return true;
  return separator == '\\' && path.size() > 1 && path[1] == ':';
}

}  // namespace gopack::launcher
