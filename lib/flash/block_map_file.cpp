#include "block_map_file.hpp"

#include <algorithm>
#include <charconv>
#include <string>

namespace gopack::flash {

namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const auto begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

// What stands between two marks; moves `text` behind the second one. Empty where they are missing.
std::string_view take_between(std::string_view& text, std::string_view first, std::string_view second) {
  const auto begin = text.find(first);
  if (begin == std::string_view::npos) return {};
  const auto end = text.find(second, begin + first.size());
  if (end == std::string_view::npos) return {};
  const auto found = text.substr(begin + first.size(), end - begin - first.size());
  text.remove_prefix(end + second.size());
  return trimmed(found);
}

std::string_view value_of(std::string_view text, std::string_view element) {
  const auto name = std::string(element);
  return take_between(text, "<" + name + ">", "</" + name + ">");
}

std::optional<std::uint64_t> number_in(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<std::uint64_t> size_in(std::string_view text) {
  constexpr std::uint64_t kLargest = std::uint64_t{1} << 60;  // bytes; no sum of two is too large
  const auto size = number_in(text);
  return size && *size > 0 && *size <= kLargest ? size : std::nullopt;
}

// The checksum is that of the text with zeros in its place.
bool has_its_checksum(std::string_view text, const digest::Sha256& checksum) {
  std::string blank(text);
  const auto value = value_of(text, "BmapFileChecksum");
  std::fill_n(blank.begin() + (value.data() - text.data()), value.size(), '0');
  return digest::hash(blank) == checksum;
}

// "3-17" or "3", in blocks.
std::optional<Range> parse_range(std::string_view blocks, std::uint64_t block_size, std::uint64_t image) {
  const auto dash = blocks.find('-');
  const auto first = number_in(trimmed(blocks.substr(0, dash)));
  const auto last = dash == std::string_view::npos ? first : number_in(trimmed(blocks.substr(dash + 1)));
  if (!first || !last || *last < *first || *last > (image - 1) / block_size) return std::nullopt;
  const auto begin = *first * block_size;
  return Range{begin, std::min((*last + 1) * block_size, image) - begin, std::nullopt};
}

std::optional<std::vector<Range>> parse_ranges(std::string_view text, std::uint64_t block_size,
                                               std::uint64_t image) {
  std::vector<Range> ranges;
  for (auto rest = text;;) {
    if (rest.find("<Range") == std::string_view::npos) return ranges;
    auto attributes = take_between(rest, "<Range", ">");
    const auto sha256 = digest::Sha256::try_parse(take_between(attributes, "chksum=\"", "\""));
    auto range = parse_range(take_between(rest, "", "</Range>"), block_size, image);
    const auto end = ranges.empty() ? 0 : ranges.back().begin + ranges.back().bytes;
    if (!sha256 || !range || range->begin < end) return std::nullopt;
    range->sha256 = sha256;
    ranges.push_back(*range);
  }
}

}  // namespace

std::optional<BlockMap> parse_block_map(std::string_view text) {
  const auto image = size_in(value_of(text, "ImageSize"));
  const auto block_size = size_in(value_of(text, "BlockSize"));
  const auto checksum = digest::Sha256::try_parse(value_of(text, "BmapFileChecksum"));
  if (!image || !block_size || !checksum) return std::nullopt;
  if (value_of(text, "ChecksumType") != "sha256" || !has_its_checksum(text, *checksum)) return std::nullopt;
  auto ranges = parse_ranges(value_of(text, "BlockMap"), *block_size, *image);
  if (!ranges || ranges->empty()) return std::nullopt;
  return BlockMap{*image, std::move(*ranges), *checksum};
}

}  // namespace gopack::flash
