// Where a bundle has its build cache, and what gopack keeps there beside Go's own files. Private to offline.
#pragma once

namespace gopack::offline {

inline constexpr const char* kCache = "shared/gopath/cache";
// The launchers keep the go command from deleting what it takes for old in a cache that has this file.
inline constexpr const char* kWarmMark = "gopack-warm";
// Go's: when it has last deleted what it takes for old, in seconds since 1970.
inline constexpr const char* kLastTrim = "trim.txt";

}  // namespace gopack::offline
