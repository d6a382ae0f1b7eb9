#include "windows_text.hpp"

namespace gopack::launcher {

namespace {

constexpr std::string_view kGaps = " \t";
constexpr std::string_view kExtended = R"(\\?\)";
constexpr std::string_view kExtendedShare = R"(\\?\UNC\)";
constexpr std::size_t kShort = 240;  // directories are limited to 248, files to 260 characters

bool is_high(char16_t unit) {
  return (unit & 0xFC00) == 0xD800;
}
bool is_low(char16_t unit) {
  return (unit & 0xFC00) == 0xDC00;
}

void append_utf8(std::string& text, char32_t c) {
  const auto byte = [&](char32_t value) { text += static_cast<char>(value); };
  if (c < 0x80) return byte(c);
  if (c < 0x800) {
    byte(0xC0 | c >> 6);
  } else {
    if (c < 0x10000) {
      byte(0xE0 | c >> 12);
    } else {
      byte(0xF0 | c >> 18);
      byte(0x80 | (c >> 12 & 0x3F));
    }
    byte(0x80 | (c >> 6 & 0x3F));
  }
  byte(0x80 | (c & 0x3F));
}

void append_utf16(std::u16string& text, char32_t c) {
  if (c >= 0x10000) {
    text += static_cast<char16_t>(0xD800 + ((c - 0x10000) >> 10));
    text += static_cast<char16_t>(0xDC00 + (c & 0x3FF));
  } else {
    text += static_cast<char16_t>(c);
  }
}

// The name of the program ends at the second quote, or at the first blank; nothing is escaped in it.
std::size_t end_of_program(std::string_view line) {
  const auto end = line.starts_with('"') ? line.find('"', 1) : line.find_first_of(kGaps);
  if (end == std::string_view::npos) return line.size();
  return line.starts_with('"') ? end + 1 : end;
}

std::string_view after_blanks(std::string_view line) {
  const auto at = line.find_first_not_of(kGaps);
  return at == std::string_view::npos ? std::string_view{} : line.substr(at);
}

// One argument from the front of `line`. 2n backslashes before a quote are n and the quote stands for itself
// or not by their oddness; two quotes within quotes are one.
std::string take_argument(std::string_view& line) {
  std::string text;
  bool quoted = false;
  std::size_t at = 0;
  for (; at < line.size() && (quoted || kGaps.find(line[at]) == std::string_view::npos); ++at) {
    const auto first = at;
    while (at < line.size() && line[at] == '\\') ++at;
    const auto backslashes = at - first;
    if (at == line.size() || line[at] != '"') {
      text.append(backslashes, '\\');
      if (backslashes > 0) {
        --at;  // what follows may be a blank
      } else {
        text += line[at];
      }
      continue;
    }
    text.append(backslashes / 2, '\\');
    if (backslashes % 2 == 1) {
      text += '"';
    } else if (quoted && line.substr(at + 1).starts_with('"')) {
      text += '"';
      ++at;
    } else {
      quoted = !quoted;
    }
  }
  line.remove_prefix(at);
  return text;
}

}  // namespace

std::string to_utf8(std::u16string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char32_t c = text[i];
    if (is_high(text[i]) && i + 1 < text.size() && is_low(text[i + 1]))
      c = 0x10000 + ((c & 0x3FF) << 10 | (text[++i] & 0x3FFu));
    append_utf8(out, c);
  }
  return out;
}

std::u16string to_utf16(std::string_view text) {
  std::u16string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i++]);
    const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
    char32_t c = more == 0 ? lead : lead & (0x3Fu >> more);
    for (int k = 0; k < more && i < text.size(); ++k)
      c = c << 6 | (static_cast<unsigned char>(text[i++]) & 0x3Fu);
    append_utf16(out, c);
  }
  return out;
}

std::vector<Argument> split_command_line(std::string_view line) {
  std::vector<Argument> arguments;
  line = after_blanks(line.substr(end_of_program(line)));
  while (!line.empty()) {
    auto text = take_argument(line);
    line = after_blanks(line);
    arguments.push_back({std::move(text), line});
  }
  return arguments;
}

std::string_view rest_of_command_line(std::string_view line, std::size_t count) {
  if (count == 0) return after_blanks(line.substr(end_of_program(line)));
  return split_command_line(line).at(count - 1).rest;
}

std::string extended_path(std::string_view path) {
  if (path.size() < kShort || path.starts_with(kExtended)) return std::string(path);
  if (path.starts_with(R"(\\)")) return std::string(kExtendedShare) + std::string(path.substr(2));
  return std::string(kExtended) + std::string(path);
}

std::string plain_path(std::string_view path) {
  if (path.starts_with(kExtendedShare)) return R"(\\)" + std::string(path.substr(kExtendedShare.size()));
  if (path.starts_with(kExtended)) return std::string(path.substr(kExtended.size()));
  return std::string(path);
}

}  // namespace gopack::launcher
