// Work on what strangers made, done where it can do no harm even if it goes wrong.
#pragma once

#include <functional>

#include "gopack/base/file.hpp"

namespace gopack {

// Runs `action` in a thread of its own, which, with all threads it starts, may create, write, rename and
// remove files and directories below `writable` alone (nowhere when it is null), make no links or devices,
// start no program and open no TCP connection. Reading, and writing to what is open already, are free.
// Returns when `action` is done; what it throws is rethrown. The calling thread keeps its rights. This takes
// Landlock with the rules of Linux 5.19. False where the system has not: the action ran all the same,
// unconfined. Throws Error (failed) when the system has it but does not do it.
bool run_confined(const Dir* writable, const std::function<void()>& action);

}  // namespace gopack
