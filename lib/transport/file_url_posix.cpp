#include "file_url.hpp"

namespace gopack::transport {

std::string to_url_path(std::string_view absolute_path) {
  return std::string(absolute_path);
}

std::string from_url_path(std::string url_path) {
  return url_path;
}

}  // namespace gopack::transport
