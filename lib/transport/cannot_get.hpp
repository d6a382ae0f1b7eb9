// The Error for a URL that gives nothing, or not what it should.
#pragma once

#include <string_view>

#include "gopack/base/error.hpp"
#include "gopack/transport/url.hpp"

namespace gopack::transport {

inline constexpr const char* kOtherSource = "check the source's address, or use another --source";

// "cannot <verb> <url>: <reason>" (unreachable) with a hint.
Error cannot_get(const Url& url, std::string_view reason, std::string_view verb = "get");

}  // namespace gopack::transport
