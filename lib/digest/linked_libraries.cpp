#include "gopack/digest/linked_libraries.hpp"

#include <openssl/crypto.h>

namespace gopack::digest {

std::vector<LinkedLibrary> linked_libraries() {
  return {{"OpenSSL", OpenSSL_version(OPENSSL_VERSION_STRING)}};
}

}  // namespace gopack::digest
