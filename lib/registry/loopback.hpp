// Where credentials may go without encryption.
#pragma once

#include <string_view>

namespace gopack::registry {

// `authority`: "host[:port]".
bool is_loopback(std::string_view authority);

}  // namespace gopack::registry
