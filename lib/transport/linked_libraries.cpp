#include "gopack/transport/linked_libraries.hpp"

#include <curl/curl.h>

namespace gopack::transport {

std::vector<LinkedLibrary> linked_libraries() {
  const auto* info = curl_version_info(CURLVERSION_NOW);
  return {{"libcurl", info->version},
          {"TLS in libcurl", info->ssl_version != nullptr ? info->ssl_version : "none"}};
}

}  // namespace gopack::transport
