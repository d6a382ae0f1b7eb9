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

// People also write "file://localhost/E:/x" and "file:////server/share".
std::string from_url_path(std::string url_path) {
  constexpr std::string_view kThisMachine = "localhost/";
  if (url_path.starts_with(kThisMachine)) url_path.erase(0, kThisMachine.size() - 1);
  while (url_path.starts_with("//")) url_path.erase(0, 1);
  std::replace(url_path.begin(), url_path.end(), '/', '\\');
  if (url_path.starts_with('\\') && has_drive(std::string_view(url_path).substr(1)))
    return url_path.substr(1);
  if (has_drive(url_path)) return url_path;
  return (url_path.starts_with('\\') ? "\\" : "\\\\") + url_path;
}

}  // namespace gopack::transport
