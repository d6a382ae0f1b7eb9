#include "gopack/base/utf8.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

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
  static constexpr std::pair<std::string_view, std::string_view> kRanges[] = {
      {"\u0080", "\u009f"},          // controls
      {"\u00ad", "\u00ad"},          // soft hyphen
      {"\u034f", "\u034f"},          // grapheme joiner
      {"\u061c", "\u061c"},          // direction mark
      {"\u115f", "\u1160"},          // Hangul fillers
      {"\u180b", "\u180f"},          // Mongolian selectors
      {"\u200b", "\u200f"},          // zero-width characters, direction marks
      {"\u2028", "\u202e"},          // separators, direction overrides
      {"\u2060", "\u206f"},          // joiners, direction isolates
      {"\u3164", "\u3164"},          // Hangul filler
      {"\ufe00", "\ufe0f"},          // variation selectors
      {"\ufeff", "\ufeff"},          // byte order mark
      {"\uffa0", "\uffa0"},          // Hangul filler
      {"\ufff0", "\ufffb"},          // annotations
      {"\U000e0000", "\U000e0fff"},  // tags, variation selectors
  };
  return std::any_of(std::begin(kRanges), std::end(kRanges),
                     [&](const auto& range) { return is_between(range.first, sequence, range.second); });
}

}  // namespace gopack
