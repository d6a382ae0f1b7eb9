// Locks on whole files (flock; LockFileEx beyond the content). A lock belongs to the open file: the system
// releases it when the last descriptor of that is closed, however its program ends. Safe for concurrent use.
#pragma once

#include <string>

#include "gopack/base/file.hpp"

namespace gopack {

enum class LockMode { shared, exclusive };

struct LockAttempt {
  enum class Outcome {
    taken,
    held,         // by somebody else, in a mode that excludes this one
    unanswered,   // a file server has not answered within 3 s
    unsupported,  // the filesystem has no such locks
  };
  Outcome outcome = Outcome::taken;
  std::string reason;  // for messages, where it is neither taken nor held
};

// Without waiting for other holders. A file server that does not answer keeps nobody for more than 3 s.
// Throws Error when the system has no room for a process.
LockAttempt try_lock(const File& file, LockMode mode);

// The same on a filesystem that has just answered: faster, and without a limit of time.
LockAttempt try_lock_again(const File& file, LockMode mode);

// From now on programs that this process starts, or that take its place, hold the lock as well. Throws Error.
void pass_lock_on(const File& file);

}  // namespace gopack
