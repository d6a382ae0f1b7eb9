// What a server demands before it answers (RFC 9110, 11.6.1; RFC 6750 for tokens). Pure.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace gopack::registry {

struct Challenge {
  std::string scheme;                             // in small letters: "basic", "bearer"
  std::map<std::string, std::string> parameters;  // names in small letters
};

// In the order of the header. What is malformed ends the list.
std::vector<Challenge> parse_challenges(std::string_view header);

}  // namespace gopack::registry
