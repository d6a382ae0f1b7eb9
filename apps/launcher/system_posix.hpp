// What Linux and macOS do in ways of their own.
#pragma once

#include <string>

namespace gopack::launcher::system {

// Whether this program for x86_64 runs on a processor of another kind.
bool is_translated();
// An absolute path without links; `path` has to be there. Throws Failure.
std::string resolved(const std::string& path);
// Flushes what has been written to the filesystem of an open directory.
void flush_all_of(int descriptor);
// Has SIGTERM sent to this process when its parent ends, where the system can.
void end_with_parent();

}  // namespace gopack::launcher::system
