// What a command asks of Go and a trimmed tree lacks: one line for people, shown when the command has failed.
// Needs nothing but the language: the native launcher compiles it as well. lacking.sh has the same rules.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gopack::launch {

// What a tree's manifest says of what the tree can do; no capabilities and no targets: all.
struct Abilities {
  std::string release;  // "go1.22.5"
  std::string profile;
  std::vector<std::string> capabilities;
  std::vector<std::string> targets;  // "linux/amd64"
};

// Reads them from the text of a manifest. The text may end before the list of files. A field that the text
// lacks is empty.
Abilities parse_abilities(std::string_view manifest);

// What --profile of `gopack trim` takes for a tree's profile: its name, or "FILE" where it is one of the
// user's own, whose file a manifest does not name.
std::string profile_word(const std::string& profile);

// How a command was started.
struct StartedCommand {
  std::string program;                 // "go" or "gofmt"; others ask for nothing
  std::vector<std::string> arguments;  // without the program
  std::string host;                    // "linux/amd64"
  // The caller's variable; empty where it is not set.
  std::function<std::string(const char* name)> variable;
  // The text of go.env, which Go takes a variable from where the caller has none.
  std::string go_env;
};

// "this Go (go1.22.5, minimal) lacks race: `gopack trim 1.22.5 --profile minimal+race` lays out one that has
// it". Nothing where the tree has everything that words, environment and go.env of the command ask for.
std::optional<std::string> find_lacking(const Abilities& tree, const StartedCommand& command);

}  // namespace gopack::launch
