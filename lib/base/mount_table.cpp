#include "mount_table.hpp"

#include <sstream>
#include <utility>

namespace gopack {

namespace {

bool is_octal(std::string_view digits) {
  return digits.size() == 3 && digits.find_first_not_of("01234567") == std::string_view::npos;
}

// Blanks and the like are written as "\040".
std::string unescape(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto digits = text.substr(i).substr(1, 3);
    if (text[i] != '\\' || !is_octal(digits)) {
      plain += text[i];
      continue;
    }
    plain += static_cast<char>((digits[0] - '0') << 6 | (digits[1] - '0') << 3 | (digits[2] - '0'));
    i += digits.size();
  }
  return plain;
}

std::vector<std::string> words_of(const std::string& line) {
  std::istringstream text(line);
  std::vector<std::string> words;
  for (std::string word; text >> word;) words.push_back(word);
  return words;
}

// "42 27 8:17 / /media/stick rw,nosuid shared:1 - vfat /dev/sdb1 rw": any number of words stands before the
// dash.
std::optional<MountLine> parse(const std::string& line) {
  constexpr std::size_t kDevice = 2;
  constexpr std::size_t kDirectory = 4;
  constexpr std::size_t kFirstOptional = 6;
  const auto words = words_of(line);
  auto dash = kFirstOptional;
  while (dash < words.size() && words[dash] != "-") ++dash;
  if (dash + 2 >= words.size()) return std::nullopt;
  return MountLine{words.front(),
                   {.type = words[dash + 1],
                    .source = unescape(words[dash + 2]),
                    .directory = unescape(words[kDirectory])},
                   words[kDevice]};
}

}  // namespace

std::vector<MountLine> parse_mount_table(std::string_view table) {
  std::istringstream text{std::string(table)};
  std::vector<MountLine> lines;
  for (std::string line; std::getline(text, line);) {
    if (auto parsed = parse(line)) lines.push_back(std::move(*parsed));
  }
  return lines;
}

std::optional<MountLine> find_in_mount_table(std::string_view table, std::string_view number) {
  for (auto& line : parse_mount_table(table)) {
    if (line.number == number) return std::move(line);
  }
  return std::nullopt;
}

}  // namespace gopack
