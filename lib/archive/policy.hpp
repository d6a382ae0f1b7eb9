// Which entries an archive of a Go SDK may hold, whatever its format.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "entry_reader.hpp"
#include "gopack/archive/unpack.hpp"
#include "refusal.hpp"

namespace gopack::archive {

// Judges the entries of one archive in turn.
class Policy {
 public:
  explicit Policy(const UnpackOptions& options) : options_(options) {}

  // The path of a file below the root; nothing for a directory. Throws Error (unsafe) for a name that
  // is unsafe, lies outside the root, was there before (in any case and form of its letters), or is both
  // file and directory, and for an entry beyond the limits.
  std::optional<tree::RelPath> admit(const EntryHeader& entry);

 private:
  struct Known {
    std::string directory;  // its spelling; empty for a file
    bool listed = false;    // has an entry of its own
  };
  struct Remembered {
    Known& known;
    bool fresh;
  };
  void count(const EntryHeader& entry);
  // What is known of a path under any of its spellings; a new one is a directory when `spelling` is its path.
  Remembered remember(std::string_view path, std::string_view spelling);
  void claim_parents(EntryName entry, std::string_view path);
  void claim(EntryName entry, std::string_view path, bool directory);

  const UnpackOptions& options_;
  std::uint64_t entries_ = 0;
  std::uint64_t bytes_ = 0;
  std::uint64_t name_bytes_ = 0;
  std::unordered_map<std::string, Known> known_;  // by folded path
};

}  // namespace gopack::archive
