#include "authorities.hpp"

namespace gopack::transport {

// Schannel asks the system's store.
std::span<const char* const> system_authorities() {
  return {};
}

}  // namespace gopack::transport
