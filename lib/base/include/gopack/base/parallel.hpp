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

// Calls work(first, last) for `jobs` ranges of about the same length that make up [0, count), as run_parallel
// does: for work that keeps something from one piece to the next.
void run_in_ranges(std::size_t count, unsigned jobs,
                   const std::function<void(std::size_t first, std::size_t last)>& work);

}  // namespace gopack
