// What attacks by tar archives begin with and end as.
#pragma once

#include "support/archive_builder.hpp"

namespace gopack::test {

// Every archive starts with a sound file, so that something is there to be left behind.
inline TarBuilder started() {
  return TarBuilder().file("go/VERSION", "go1.99.1");
}

inline std::string packed(const TarBuilder& tar) {
  return gzip(tar.bytes());
}

}  // namespace gopack::test
