#include "gopack/launch/rules.hpp"

namespace gopack::launch {

bool fits(std::string_view pattern, std::string_view text) {
  for (; !pattern.empty(); pattern.remove_prefix(1), text.remove_prefix(1)) {
    if (pattern.front() == '*') {
      pattern.remove_prefix(1);
      for (; !fits(pattern, text); text.remove_prefix(1))
        if (text.empty()) return false;
      return true;
    }
    if (text.empty() || (pattern.front() != '?' && pattern.front() != text.front())) return false;
  }
  return text.empty();
}

std::string fill(std::string_view message, std::initializer_list<std::string_view> values) {
  std::string text;
  for (const auto value : values) {
    const auto at = message.find("{}");
    text.append(message.substr(0, at)).append(value);
    message.remove_prefix(at + 2);
  }
  return text.append(message);
}

}  // namespace gopack::launch
