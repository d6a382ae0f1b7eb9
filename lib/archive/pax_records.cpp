#include "pax_records.hpp"

#include <fmt/format.h>

#include <charconv>
#include <set>

#include "gopack/base/error.hpp"

namespace gopack::archive {

namespace {

// All of `text` as a decimal number, without sign.
std::optional<std::uint64_t> parse_decimal(std::string_view text) {
  std::uint64_t value = 0;
  const auto* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  if (text.empty() || error != std::errc() || stopped != end) return std::nullopt;
  return value;
}

// "1700000000", "1700000000.25", "-1".
bool is_time(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const auto dot = text.find('.');
  const auto whole = text.substr(0, dot);
  const auto fraction = dot == std::string_view::npos ? "0" : text.substr(dot + 1);
  constexpr std::string_view kDigits = "0123456789";
  return !whole.empty() && whole.find_first_not_of(kDigits) == std::string_view::npos &&
         fraction.find_first_not_of(kDigits) == std::string_view::npos;
}

struct Record {
  std::string_view key;
  std::string_view value;
};

// Takes one record off the start of `text`.
Record take_record(EntryName entry, std::string_view& text) {
  const auto blank = text.find(' ');
  const auto length = parse_decimal(text.substr(0, blank));
  if (blank == std::string_view::npos || !length || *length > text.size() || *length < blank + 2 ||
      text[*length - 1] != '\n') {
    refuse_entry(entry, "its extended header is malformed");
  }
  const auto record = text.substr(blank + 1, *length - blank - 2);
  const auto equals = record.find('=');
  if (equals == std::string_view::npos) refuse_entry(entry, "its extended header is malformed");
  text.remove_prefix(*length);
  return {record.substr(0, equals), record.substr(equals + 1)};
}

}  // namespace

PaxRecords parse_pax(EntryName entry, std::string_view text) {
  PaxRecords records;
  std::set<std::string_view> keys;
  while (!text.empty()) {
    const auto [key, value] = take_record(entry, text);
    if (!keys.insert(key).second) {
      refuse_entry(entry, fmt::format("its extended header says {} twice", printable(key)));
    }
    bool is_sound = true;
    if (key == "path") {
      records.path = value;
      is_sound = !value.empty();
    } else if (key == "size") {
      records.size = parse_decimal(value);
      is_sound = records.size.has_value();
    } else if (key == "mtime" || key == "atime" || key == "ctime") {
      is_sound = is_time(value);
    } else {
      refuse_entry(entry, fmt::format("its extended header says {}, which Go archives do not",
                                      printable(key.substr(0, 100))));
    }
    if (!is_sound) refuse_entry(entry, fmt::format("its extended header gives no sound {}", key));
  }
  return records;
}

}  // namespace gopack::archive
