#include "system_codes.hpp"

#include <cerrno>
#include <system_error>

namespace gopack {

std::string reason_of(int code) {
  return std::generic_category().message(code);
}

bool is_quota(int code) {
  return code == EDQUOT;
}

}  // namespace gopack
