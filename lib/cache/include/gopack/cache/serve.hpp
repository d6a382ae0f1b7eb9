// GOCACHEPROG: the go command's build cache as a program (Go 1.24 and newer).
#pragma once

#include <filesystem>
#include <optional>
#include <stop_token>
#include <vector>

#include "gopack/base/file.hpp"
#include "gopack/base/report.hpp"

namespace gopack::cache {

struct ServeOptions {
  std::filesystem::path local;                 // absolute; made when missing
  std::vector<std::filesystem::path> bases;    // absolute; read where local has nothing, never written to
  std::optional<std::filesystem::path> share;  // what is put reaches it in the background
  bool wait = false;                           // close waits until all that was put is on the share
};

// Answers the go command on `in` and `out` until it says close or goes away. A get is a hit when an entry and
// a body of its size are in one of the layers; what comes from the share is hashed and kept in `local`. What
// is put is hashed, too. Before it answers to close, what was put reaches the share: all of it with `wait`,
// else what does so within 2 seconds; the rest does so in later runs. A share that fails or is silent never
// fails a build, and one that finds everything in `local` does not touch it.
//
// Throws Error: local or a base cannot be used (failed), or `in` is not the protocol (failed). False when
// threads hang in the share: end the process by std::_Exit then.
bool serve(const ServeOptions& options, File& in, File out, Reporter& reporter, const std::stop_token& stop);

}  // namespace gopack::cache
