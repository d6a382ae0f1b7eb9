#include "gopack/base/utf8.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace gopack {

namespace {

bool is_between(std::string_view first, std::string_view sequence, std::string_view last) {
  return sequence.size() == first.size() && first <= sequence && sequence <= last;
}

// Of a sequence with this lead byte; 0: none has it.
std::size_t length_by_lead(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xc2) return 0;
  if (lead < 0xe0) return 2;
  if (lead < 0xf0) return 3;
  return lead < 0xf5 ? 4 : 0;
}

// What the second byte may be (Unicode 15, table 3-7): no overlong forms, no surrogates, nothing above
// U+10FFFF.
bool may_follow(unsigned char lead, unsigned char second) {
  const unsigned char least = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
  const unsigned char most = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
  return least <= second && second <= most;
}

}  // namespace

std::size_t utf8_length(std::string_view text) {
  if (text.empty()) return 0;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto length = length_by_lead(byte(0));
  if (length > text.size()) return 0;
  if (length > 1 && !may_follow(byte(0), byte(1))) return 0;
  for (std::size_t i = 2; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  return length;
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
