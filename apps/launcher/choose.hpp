// Which tree of a bundle a word means, by the rule of use.sh: a release, a minor, +PROFILE, /PLATFORM, or a
// name.
#pragma once

#include <string>
#include <vector>

namespace gopack::launcher {

// What is known of a tree without its list of files.
struct TreeFacts {
  std::string name;     // v_<hash>
  std::string release;  // the first word of VERSION, such as go1.22.12
  std::string profile;
  bool stripped = false;
  std::vector<std::string> targets;    // what it builds for; none: all
  std::vector<std::string> platforms;  // whose programs it has, such as linux_amd64
};

// The name of the tree. Throws Failure (1) where the word means none of `trees`, or several; `switcher` is
// the launcher that lists them.
std::string find_named(const std::string& word, const std::vector<TreeFacts>& trees,
                       const std::string& switcher);

// Without those trees for whose work, and more, there is another one of the same kind.
std::vector<TreeFacts> without_superseded(const std::vector<TreeFacts>& trees);

}  // namespace gopack::launcher
