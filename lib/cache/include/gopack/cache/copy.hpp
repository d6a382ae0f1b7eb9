// Entries from one layer to another.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>

#include "gopack/base/report.hpp"
#include "gopack/cache/layer.hpp"

namespace gopack::cache {

enum class Copied { yes, missing, damaged };

struct CopyOptions {
  bool flush = false;                      // durable: body first, then the entry
  bool has_body = false;                   // the other side has it, only the entry is to be written
  std::function<void()> at_block = [] {};  // called before every write; what it throws ends the copy
};

// Copies an entry with its body, which is hashed on the way: what is damaged is not spread. Atomic: the other
// side has the entry whole or not at all, whatever is killed. `missing`: there is no body.
Copied copy_entry(const Layer& from, const Layer& to, const Entry& entry, const CopyOptions& options);

struct CopySummary {
  std::uint64_t entries = 0;  // copied
  std::uint64_t bytes = 0;    // of bodies, copied
  std::uint64_t skipped = 0;  // that were there
  std::uint64_t damaged = 0;  // left where they are; each with a warning
};

// Copies all that the share lacks to it, durably, or all that `local` lacks from it, `jobs` entries at a
// time, and takes leftovers of writers that died away. Stopped or killed, the next call goes on where it was;
// any number of them may run at once. The go command may delete files meanwhile: entries that are gone, or
// whose body is, are not copied. Linked programs are not entries. Throws Error.
CopySummary push(const Layer& local, const Layer& share, const Run& run);
CopySummary pull(const Layer& local, const Layer& share, const Run& run);

}  // namespace gopack::cache
