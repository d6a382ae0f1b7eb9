#include "gopack/launch/pointer.hpp"

namespace gopack::launch {

bool is_tree_name(std::string_view name) {
  return name.size() == 18 && name.starts_with("v_") &&
         name.find_first_not_of("0123456789abcdef", 2) == std::string_view::npos;
}

std::optional<std::string> parse_link(std::string_view target) {
  if (target.starts_with("./")) target.remove_prefix(2);
  if (target.ends_with('/')) target.remove_suffix(1);
  if (!is_tree_name(target)) return std::nullopt;
  return std::string(target);
}

std::optional<std::string> parse_pointer(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  if (!is_tree_name(text)) return std::nullopt;
  return std::string(text);
}

std::optional<std::string> fall_back(std::string_view history,
                                     const std::function<bool(const std::string& tree)>& is_there) {
  while (!history.empty()) {
    if (history.ends_with('\n')) history.remove_suffix(1);
    if (history.ends_with('\r')) history.remove_suffix(1);
    const auto start = history.rfind('\n') + 1;  // 0 when there is none
    const auto line = history.substr(start);
    history = history.substr(0, start);
    const auto blank = line.find(' ');
    if (blank == std::string_view::npos) continue;
    for (const auto name : {line.substr(blank + 1), line.substr(0, blank)}) {
      if (is_tree_name(name) && is_there(std::string(name))) return std::string(name);
    }
  }
  return std::nullopt;
}

}  // namespace gopack::launch
