// Which file of certificate authorities (PEM) a connection is trusted by.
#pragma once

#include <span>
#include <string>

namespace gopack::transport {

struct AuthoritySettings {
  std::string curl_ca_bundle = {};  // CURL_CA_BUNDLE, or empty
  std::string ssl_cert_file = {};   // SSL_CERT_FILE, or empty
  bool library_has_own = false;     // libcurl was built with a place of its own
  std::span<const char* const> system_places = {};
};

// What the user names, else the first of the system's places that is there. Empty leaves the choice to
// libcurl.
std::string authorities_file(const AuthoritySettings& settings);

// Where systems of this kind keep theirs, the most common first; none where libcurl asks the system itself.
std::span<const char* const> system_authorities();

// Before curl_global_init: by which library connections are made where there are several. On Windows
// Schannel, which trusts what the system and its enterprise trust; OpenSSL for who names authorities in the
// environment.
void choose_tls();

}  // namespace gopack::transport
