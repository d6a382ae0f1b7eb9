#include <algorithm>

#include "file_url.hpp"

namespace gopack::transport {

namespace {

bool has_drive(std::string_view path) {
  return path.size() >= 2 && path[1] == ':';
}

}  // namespace

// "E:\x" is /E:/x, and \\server\share stands there without its two slashes: server is the URL's host.
std::string to_url_path(std::string_view absolute_path) {
  std::string path(absolute_path);
  std::replace(path.begin(), path.end(), '\\', '/');
  if (has_drive(path)) return "/" + path;
  return path.starts_with("//") ? path.substr(2) : path;
}

std::string from_url_path(std::string url_path) {
  std::replace(url_path.begin(), url_path.end(), '/', '\\');
  if (url_path.starts_with('\\') && has_drive(std::string_view(url_path).substr(1)))
    return url_path.substr(1);
  return has_drive(url_path) ? url_path : R"(\\)" + url_path;
}

}  // namespace gopack::transport
