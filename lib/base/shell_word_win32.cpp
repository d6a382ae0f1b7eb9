#include "gopack/base/shell_word.hpp"

namespace gopack {

// A backslash before the quote at the end would make that quote a part of the word.
std::string shell_word(std::string_view text) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789\\/._-+:@";
  if (!text.empty() && text.find_first_not_of(kPlain) == std::string_view::npos) return std::string(text);
  return '"' + std::string(text) + (text.ends_with('\\') ? "\\\"" : "\"");
}

}  // namespace gopack
