// What the codes of system_error mean. Private to base.
#pragma once

#include <string>

namespace gopack {

// The system's reason, in plain English.
std::string reason_of(int code);

// Whether what this user may write is used up, not the disk.
bool is_quota(int code);

}  // namespace gopack
