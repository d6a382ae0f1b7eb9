#include "gopack/base/utf8.hpp"

namespace gopack {

namespace {

bool is_between(std::string_view first, std::string_view sequence, std::string_view last) {
  return sequence.size() == first.size() && first <= sequence && sequence <= last;
}

}  // namespace

std::size_t utf8_length(std::string_view text) {
  if (text.empty()) return 0;
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) return 1;
  const std::size_t length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  if (length == 0 || length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) return 0;
  }
  const auto second = static_cast<unsigned char>(text[1]);
  const bool overlong = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
  const bool surrogate = lead == 0xed && second >= 0xa0;
  const bool too_large = lead == 0xf4 && second >= 0x90;
  return overlong || surrogate || too_large ? 0 : length;
}

bool is_invisible(std::string_view sequence) {
  if (sequence.size() == 1) return static_cast<unsigned char>(sequence[0]) < 0x20 || sequence == "\x7f";
  return is_between("\u0080", sequence, "\u009f") || is_between("\u200b", sequence, "\u200f") ||
         is_between("\u2028", sequence, "\u202e") || is_between("\u2060", sequence, "\u206f") ||
         sequence == "\ufeff";
}

}  // namespace gopack
