// Where a redirection may lead.
#pragma once

#include <string_view>

#include "gopack/transport/url.hpp"

namespace gopack::transport {

inline constexpr int kMaxRedirections = 5;

bool is_redirection(long http_status);

// What `location`, absolute or relative, means at `from`. User and password of `from` go along within one
// origin only; others that `location` names are dropped. Throws Error (unreachable) for what is not
// followed: from https to http, to anything but http and https, to no URL at all.
Url redirected(const Url& from, std::string_view location);

}  // namespace gopack::transport
