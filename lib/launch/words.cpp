#include "words.hpp"

#include <algorithm>

namespace gopack::launch {

std::optional<std::vector<std::string>> split_words(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  std::vector<std::string> words;
  for (;;) {
    text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
    if (text.empty()) return words;
    const bool is_quoted = text.front() == '"' || text.front() == '\'';
    const std::size_t begin = is_quoted ? 1 : 0;
    const auto end =
        is_quoted ? text.find(text.front(), 1) : std::min(text.find_first_of(kBlanks), text.size());
    if (end == std::string_view::npos) return std::nullopt;
    words.emplace_back(text.substr(begin, end - begin));
    text.remove_prefix(end + begin);
  }
}

}  // namespace gopack::launch
