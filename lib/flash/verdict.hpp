// What it means that a disk gives back other bytes than it was given. Private to flash.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "chunk.hpp"
#include "gopack/flash/flash.hpp"

namespace gopack::flash {

struct Misread {
  std::size_t piece = 0;  // of what is expected
  digest::Sha256 found;
  bool is_blank = false;  // every byte is the same
};

// What was read back, apart from the first MiB, which has been wiped.
struct ReadBack {
  static constexpr std::size_t kKept = 1024;
  std::vector<Misread> misreads;        // the first ones, at most kKept
  std::size_t count = 0;                // all of them
  std::size_t bad_at_end = 0;           // pieces in a row
  std::optional<digest::Sha256> wiped;  // what is there instead of zeros
};

struct Verdict {
  Result result = Result::damaged;
  std::string reason;
};

// Nothing where everything is as expected. A disk that wraps around shows one piece in place of another, or
// in place of what was wiped; one that loses what is beyond its end shows nothing right from there on.
std::optional<Verdict> judge(const std::vector<Expected>& expected, const ReadBack& read_back);

}  // namespace gopack::flash
