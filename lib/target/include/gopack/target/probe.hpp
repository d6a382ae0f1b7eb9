// What the filesystem of a directory can do, found out by trying rather than by its name.
#pragma once

#include <filesystem>
#include <optional>

#include "gopack/base/error.hpp"
#include "gopack/base/filesystem.hpp"
#include "gopack/base/mount.hpp"

namespace gopack::target {

enum class Modes { kept, all_executable, none_executable };
enum class Locks { work, missing, hang };

struct Facts {
  std::filesystem::path directory;  // that was probed: the one asked for, or the nearest above it that exists
  std::filesystem::path mount;      // where its filesystem begins
  Mount medium;                     // what the system says of it
  Space space;                      // block_size as measured, where the filesystem tells less
  std::optional<Error> refusal;     // why nothing can be written there; else what follows is known
  bool replaces = false;            // a rename over an existing file
  bool links = false;               // symbolic ones
  Modes modes = Modes::kept;
  bool chmod = false;                 // modes can be changed
  bool runs_programs = false;         // a program that lies there can be started
  Locks locks = Locks::missing;       // flock
  bool ignores_case = false;          // "A" and "a" are one file
  bool keeps_case = false;            // "A" is listed as "A"
  bool takes_long_names = false;      // of 255 UTF-16 units or bytes
  bool takes_any_script = false;      // names that are not ASCII
  bool takes_reserved_names = false;  // such as "a:b", which Windows refuses
  bool takes_large_files = false;     // of 4 GiB and more, as far as the system tells
};

// The directory, or the nearest one above it that exists.
std::filesystem::path existing_part(const std::filesystem::path& directory);

// Tries everything in a directory of its own below existing_part(), and takes that away again, with what
// probes that were killed more than an hour ago have left there. Waits at most 3 s for a lock server that
// does not answer. Throws Error when the directory cannot be examined at all.
Facts probe(const std::filesystem::path& directory);

}  // namespace gopack::target
