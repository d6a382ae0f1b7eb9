#include "gopack/image/parameters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <optional>

#include "gopack/base/error.hpp"

namespace gopack::image {

namespace {

struct Unit {
  std::string_view name;
  std::uint64_t bytes;
};
constexpr Unit kUnits[] = {{"", 1},           {"K", 1ULL << 10},     {"M", 1ULL << 20},
                           {"G", 1ULL << 30}, {"T", 1ULL << 40},     {"KB", 1'000},
                           {"MB", 1'000'000}, {"GB", 1'000'000'000}, {"TB", 1'000'000'000'000}};
constexpr std::uint64_t kLargestBytes = std::uint64_t{1} << 62;

std::optional<std::uint64_t> find_bytes(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number == 0) return std::nullopt;
  const std::string_view name(end, static_cast<std::size_t>(text.data() + text.size() - end));
  const auto* unit =
      std::find_if(std::begin(kUnits), std::end(kUnits), [&](const Unit& one) { return one.name == name; });
  if (unit == std::end(kUnits) || number > kLargestBytes / unit->bytes) return std::nullopt;
  return number * unit->bytes;
}

Error unknown(std::string_view what, std::string_view text, std::string hint) {
  Error error(ErrorKind::usage, fmt::format("unknown {} \"{}\"", what, printable(text)));
  error.with_hint(std::move(hint));
  return error;
}

bool is_label_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' ' || c == '-' ||
         c == '_';
}

}  // namespace

Filesystem parse_filesystem(std::string_view text) {
  if (text == "exfat") return Filesystem::exfat;
  if (text == "fat32") return Filesystem::fat32;
  throw unknown("filesystem", text, "use exfat or fat32");
}

PartitionTable parse_partition_table(std::string_view text) {
  if (text == "mbr") return PartitionTable::mbr;
  if (text == "none") return PartitionTable::none;
  if (text == "gpt") return PartitionTable::gpt;
  throw unknown("partition table", text, "use mbr, gpt or none");
}

std::uint32_t parse_cluster_size(std::string_view text) {
  constexpr std::uint64_t kLeast = 512;
  constexpr std::uint64_t kMost = 32 << 20;
  const auto bytes = find_bytes(text);
  if (bytes && *bytes >= kLeast && *bytes <= kMost && std::has_single_bit(*bytes))
    return static_cast<std::uint32_t>(*bytes);
  throw unknown("cluster size", text, "use a power of two from 512 to 32M, such as 4K");
}

Size parse_size(std::string_view text) {
  if (text == "min") return {Size::Kind::least, 0};
  const bool is_room = text.starts_with('+');
  const auto bytes = find_bytes(text.substr(is_room ? 1 : 0));
  if (bytes) return {is_room ? Size::Kind::room : Size::Kind::whole, *bytes};
  throw unknown("size", text, "use min, or bytes with K, M, G, T, KB, MB, GB or TB: 8GB, or +1G for room");
}

std::string parse_label(std::string_view text) {
  constexpr std::size_t kLongest = 11;
  if (text.size() <= kLongest && std::all_of(text.begin(), text.end(), is_label_character) &&
      !text.starts_with(' ') && !text.ends_with(' '))
    return std::string(text);
  throw unknown("label", text, "use at most 11 letters, digits, blanks, - and _ of ASCII");
}

std::string_view to_string(Filesystem filesystem) {
  switch (filesystem) {
    case Filesystem::exfat:
      return "exfat";
    case Filesystem::fat32:
      return "fat32";
  }
  return "";
}

std::string_view to_string(PartitionTable table) {
  switch (table) {
    case PartitionTable::none:
      return "none";
    case PartitionTable::mbr:
      return "mbr";
    case PartitionTable::gpt:
      return "gpt";
  }
  return "";
}

}  // namespace gopack::image
