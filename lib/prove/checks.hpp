// What is done to prove each capability.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace gopack::prove {

enum class For { host, every_target };

// One command, run with both SDKs. Words in braces stand for: {product} a file that the command writes, which
// must be the same; {std} the packages of the standard library; {goroot}.
struct Check {
  const char* capability;
  const char* name;
  const char* directory;             // of the corpus; "" is its root
  std::vector<std::string> command;  // "go" and "gofmt" are the SDK's
  For which = For::host;
  std::vector<std::string> environment = {};  // "GOFIPS140=v1.0.0"
  bool fails = false;                         // the command is to end with an error, the same one
  bool compares_output = true;                // not for measurements
  bool needs_c = false;                       // a C compiler
  const char* range = "";                     // of Go versions
  const char* written = "";                   // a file that the command writes beside the sources
};

std::span<const Check> checks();

}  // namespace gopack::prove
