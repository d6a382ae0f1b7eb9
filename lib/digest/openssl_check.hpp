// Turns a failed OpenSSL call into an Error.
#pragma once

#include <string_view>

namespace gopack::digest {

// Throws "cannot <what>: <OpenSSL's reason>" unless `ok`.
void check(bool ok, std::string_view what);

}  // namespace gopack::digest
