#include "cannot_get.hpp"

#include <fmt/format.h>

namespace gopack::transport {

Error cannot_get(const Url& url, std::string_view reason) {
  return Error(ErrorKind::unreachable, fmt::format("cannot get {}: {}", url.text(), reason))
      .with_hint(kOtherSource);
}

}  // namespace gopack::transport
