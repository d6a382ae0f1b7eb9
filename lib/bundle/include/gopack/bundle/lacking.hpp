// What a command asks of Go that a trimmed tree does not have: one line for people, said when the command has
// failed. The native launcher compiles this as well: it needs nothing but the language.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gopack::bundle {

// What a tree's manifest says of what the tree can do; no capabilities and no targets: all.
struct Abilities {
  std::string release;  // "go1.22.5"
  std::string profile;
  std::vector<std::string> capabilities;
  std::vector<std::string> targets;  // "linux/amd64"
};

// Reads them from the text of a manifest, or from the start of one that ends before its list of files. What
// is not there is empty.
Abilities parse_abilities(std::string_view manifest);

// How a command was started.
struct StartedCommand {
  std::string program;                 // "go" or "gofmt"; others ask for nothing
  std::vector<std::string> arguments;  // without the program
  std::string host;                    // "linux/amd64"
  // The caller's variable; empty where it is not set.
  std::function<std::string(const char* name)> variable;
};

// "this Go (go1.22.5, minimal) lacks race: `gopack trim 1.22.5 --profile minimal+race` lays out one that has
// it"; nothing where the tree has all that the command asks for by words and environment.
std::optional<std::string> find_lacking(const Abilities& tree, const StartedCommand& command);

}  // namespace gopack::bundle
