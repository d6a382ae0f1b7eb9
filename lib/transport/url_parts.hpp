// URLs in libcurl's own parser, so that what is judged is what is asked for.
#pragma once

#include <string>

#include "curl_handle.hpp"
#include "gopack/transport/url.hpp"

namespace gopack::transport {

UrlParts take_apart(const Url& url);
// Empty when the URL has no such part.
std::string part(const UrlParts& parts, CURLUPart which, unsigned flags = 0);
// `value` null removes the part.
void set_part(const UrlParts& parts, CURLUPart which, const char* value);
std::string join(const UrlParts& parts);

}  // namespace gopack::transport
