// Independent pieces of work, spread over threads.
#pragma once

#include <cstddef>
#include <functional>

namespace gopack {

// As many threads as the machine runs at once.
unsigned default_jobs();

// Calls work(0) … work(count - 1), at most `jobs` at a time, each exactly once. When one throws, no further
// ones are started and the first exception is rethrown after the others have ended.
void run_parallel(std::size_t count, unsigned jobs, const std::function<void(std::size_t)>& work);

}  // namespace gopack
