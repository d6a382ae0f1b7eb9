#include <curl/curl.h>

#include <algorithm>
#include <array>

#include "authorities.hpp"
#include "gopack/base/process.hpp"

namespace gopack::transport {

// Schannel asks the system's store.
std::span<const char* const> system_authorities() {
  return {};
}

void choose_tls() {
  constexpr std::array kNameAuthorities{"CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"};
  if (environment_variable("CURL_SSL_BACKEND")) return;  // libcurl reads it
  const bool names_own = std::any_of(kNameAuthorities.begin(), kNameAuthorities.end(),
                                     [](const char* name) { return environment_variable(name).has_value(); });
  curl_global_sslset(names_own ? CURLSSLBACKEND_OPENSSL : CURLSSLBACKEND_SCHANNEL, nullptr, nullptr);
}

}  // namespace gopack::transport
