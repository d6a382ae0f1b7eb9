#include "authorities.hpp"

#include <filesystem>
#include <system_error>

namespace gopack::transport {

std::string authorities_file(const AuthoritySettings& settings) {
  if (!settings.curl_ca_bundle.empty()) return settings.curl_ca_bundle;
  if (!settings.ssl_cert_file.empty() || settings.library_has_own) return settings.ssl_cert_file;
  for (const auto* place : settings.system_places) {
    std::error_code ignored;
    if (std::filesystem::is_regular_file(place, ignored)) return place;
  }
  return {};
}

}  // namespace gopack::transport
