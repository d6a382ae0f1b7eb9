// flock(2) with a limit of time. Private to store; on POSIX alone.
#pragma once

#include "gopack/base/file.hpp"

namespace gopack::store {

// Takes a lock, LOCK_EX or LOCK_SH, without waiting for other holders: 0 or an errno value, ETIMEDOUT when
// there is no answer within 3 s. Throws Error when the system has no room for a process.
int try_flock(const File& file, int operation);

}  // namespace gopack::store
