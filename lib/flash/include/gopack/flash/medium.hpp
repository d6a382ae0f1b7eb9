// What a stick, or an image of one, is as a place for bundles. Pure; safe for concurrent use.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gopack/target/diagnosis.hpp"

namespace gopack::flash {

// As far as it could be made out.
struct Medium {
  std::string filesystem;     // "exfat"; empty: none that gopack reads
  std::string unreadable;     // why nothing is known of its content; else empty
  bool is_partition = false;  // else the volume is all of the medium
  std::uint64_t begin = 0;    // of the volume, in bytes, as all that follows
  std::uint64_t first_cluster = 0;
  std::uint64_t cluster_size = 0;  // 0: not known
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;         // of the files
  std::vector<std::string> trees;  // "go1.26.10 minimal"
  std::vector<std::string> faults;
};

// What would be lost, how it is divided, and whether its structures are sound.
std::vector<target::Check> diagnose(const Medium& medium);

}  // namespace gopack::flash
