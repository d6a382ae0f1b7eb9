// What a command does with the files of an SDK, as strace(1) tells it.
#pragma once

#include <filesystem>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gopack/base/bytes.hpp"
#include "gopack/base/process.hpp"

namespace gopack::prove {

// A program of the SDK that was started.
struct Start {
  std::string path;                // from GOROOT: "bin/go"
  std::vector<std::string> words;  // with its name: {"go", "test", "./..."}
  std::string target;              // "linux/arm64", where its environment names both parts
};

struct Trace {
  std::vector<Start> starts;
  // Name of the program that opened a file ("compile"), and the file's path from GOROOT, or a directory's.
  std::set<std::pair<std::string, std::string>> opened;
};

// `output`: of strace -f -y -Y -v, with openat, open and execve; `goroot`: without symbolic links.
// It is read in blocks, however long it is.
Trace read_trace(ByteSource& output, const std::filesystem::path& goroot);

// Runs `command`, which uses the SDK in `goroot`, and all that it starts; what it says on stderr is passed
// on. `work` is a directory for the trace. Throws Error: failed when there is no strace, or when the command
// fails; interrupted when `stop` ends it.
Trace trace(const std::vector<std::string>& command, const Environment& environment,
            const std::filesystem::path& goroot, const std::filesystem::path& work,
            const std::stop_token& stop);

}  // namespace gopack::prove
