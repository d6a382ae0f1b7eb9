#include "lookup_answer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "gopack/base/error.hpp"
#include "gopack/digest/base64.hpp"

namespace gopack::source {

namespace {

// The line at the start of `text`, without its newline, which is taken off with it.
std::optional<std::string_view> next_line(std::string_view& text) {
  const auto end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const auto line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

// A number without sign and leading zeros.
std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (value > kLargestTree || (text.size() > 1 && text.front() == '0')) return std::nullopt;
  return value;
}

std::optional<digest::Sha256> parse_hash(std::string_view base64) {
  const auto decoded = digest::base64_decode(base64);
  if (!decoded || decoded->size() != digest::Sha256::kSize) return std::nullopt;
  std::array<std::uint8_t, digest::Sha256::kSize> bytes{};
  std::copy(decoded->begin(), decoded->end(), bytes.begin());
  return digest::Sha256(bytes);
}

Error malformed(std::string_view reason) {
  return Error(ErrorKind::integrity, fmt::format("cannot read the checksum database's answer: {}", reason))
      .with_hint(
          "see whether a proxy answers in its place, and set GOPROXY or GOSUMDB to one that serves it");
}

}  // namespace

LookupAnswer parse_lookup_answer(std::string_view body) {
  if (body.empty()) throw malformed("it is empty");
  const auto id_line = next_line(body);
  const auto id = id_line ? parse_number(*id_line) : std::nullopt;
  if (!id) throw malformed("it does not start with a record's number");
  const auto split = body.find("\n\n");
  if (split == std::string_view::npos) throw malformed("the record has no end");
  const auto record = body.substr(0, split + 1);
  const bool has_control =
      std::any_of(record.begin(), record.end(), [](unsigned char c) { return c < 0x20 && c != '\n'; });
  if (has_control || record.front() == '\n') throw malformed("the record is not a text");
  return {*id, std::string(record), std::string(body.substr(split + 2))};
}

TreeHead parse_tree_head(std::string_view text) {
  const auto title = next_line(text);
  const auto size_line = next_line(text);
  const auto hash_line = next_line(text);
  const auto size = size_line ? parse_number(*size_line) : std::nullopt;
  const auto hash = hash_line ? parse_hash(*hash_line) : std::nullopt;
  if (!size || !hash || title != "go.sum database tree")
    throw malformed("the signed text is not a tree head");
  return {*size, *hash};
}

std::string find_module_hash(std::string_view record, std::string_view module_path,
                             std::string_view version) {
  const auto prefix = fmt::format("{} {} ", module_path, version);
  for (auto line = next_line(record); line; line = next_line(record)) {
    if (!line->starts_with(prefix)) continue;
    const auto hash = line->substr(prefix.size());
    if (hash.starts_with("h1:") && parse_hash(hash.substr(3))) return std::string(hash);
  }
  throw Error(ErrorKind::integrity,
              fmt::format("cannot prove {}@{}: the checksum database's record does not speak of it",
                          printable(module_path), printable(version)));
}

std::string escape_module(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper) escaped += '!';
    escaped += upper ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return escaped;
}

}  // namespace gopack::source
