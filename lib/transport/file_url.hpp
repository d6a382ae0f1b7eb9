// Paths in file URLs (RFC 8089), which systems spell in their own ways. Private to transport.
#pragma once

#include <string>
#include <string_view>

namespace gopack::transport {

// What stands after "file://" for an absolute path, before it is percent-encoded, and back.
std::string to_url_path(std::string_view absolute_path);
std::string from_url_path(std::string url_path);

}  // namespace gopack::transport
