// The trials of probe() that each system spells differently. Private to store.
#pragma once

#include "gopack/base/file.hpp"
#include "gopack/store/probe.hpp"

namespace gopack::store {

// Locks a file twice.
Locks try_locks(const Dir& room);

// Whether the system allows a position of 4 GiB in a file; nothing is written there.
bool takes_large_files(const Dir& room);

// The directory at which the filesystem of `directory`, an absolute path, is mounted.
std::filesystem::path find_mount(std::filesystem::path directory);

}  // namespace gopack::store
