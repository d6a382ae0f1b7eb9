#include "cannot_get.hpp"

#include <fmt/format.h>

namespace gopack::transport {

Error cannot_get(const Url& url, std::string_view reason, std::string_view verb) {
  return Error(ErrorKind::unreachable, fmt::format("cannot {} {}: {}", verb, url.text(), reason))
      .with_hint(kOtherSource);
}

}  // namespace gopack::transport
