// Path patterns of profiles.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gopack::trim {

// "*" matches within one component, "**" as a whole component any number of them (also none, but at the
// end at least one), "?" one character, "[a-z]" one of a set, "{a,b}" one of several texts (also an empty
// one: "go{,.exe}"). A pattern that ends in "/" stands for everything below that directory ("api/" is
// "api/**"). Patterns match whole paths from the tree's root.
class Glob {
 public:
  // Throws std::invalid_argument with the reason for a malformed pattern; patterns cannot hold ".." or
  // start with "/".
  explicit Glob(std::string_view pattern);
  bool matches(std::string_view path) const;
  const std::string& text() const { return text_; }

 private:
  // The pattern with one choice made in each pair of braces.
  struct Alternative {
    std::string prefix;  // literal text that every match begins with: most paths need no closer look
    std::string suffix;  // … and ends with
    std::vector<std::string> components;
  };
  static Alternative compile(std::string_view pattern);

  std::string text_;
  std::vector<Alternative> alternatives_;
};

}  // namespace gopack::trim
