#include "gopack/launch/rules.hpp"

namespace gopack::launch {

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
