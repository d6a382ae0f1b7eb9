// What unpack() needs of an archive format.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gopack/archive/index.hpp"
#include "gopack/base/bytes.hpp"

namespace gopack::archive {

// A regular file or a directory; a reader throws Error (unsafe) for anything else.
struct EntryHeader {
  std::string name;  // the archive's own bytes, checked by nobody yet; a directory's may end in a slash
  bool directory = false;
  bool executable = false;
  std::uint64_t size = 0;            // bytes, as announced
  std::optional<std::int64_t> time;  // of last modification, in seconds since 1970; anything at all
  ContentPlace place = {};
};

class EntryReader {
 public:
  virtual ~EntryReader() = default;
  // Skips what is left of the last entry. Nothing at the archive's end, when all that follows and
  // belongs to it has been checked.
  virtual std::optional<EntryHeader> next() = 0;
  // The next bytes of the current entry, valid until the next call; empty at its end, and not to be
  // called again then.
  virtual ByteView read_content() = 0;
  // Where what was read can be inflated from the next time; complete at the archive's end.
  virtual std::vector<AccessPoint> take_points() { return {}; }
};

}  // namespace gopack::archive
