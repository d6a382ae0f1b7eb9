#include "openssl_check.hpp"

#include <fmt/format.h>
#include <openssl/err.h>

#include "gopack/base/error.hpp"

namespace gopack::digest {

void check(bool ok, std::string_view what) {
  if (ok) return;
  const char* reason = ERR_reason_error_string(ERR_get_error());
  throw Error(ErrorKind::failed,
              fmt::format("cannot {}: {}", what, reason != nullptr ? reason : "unknown reason"));
}

}  // namespace gopack::digest
