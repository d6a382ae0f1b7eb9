#include "gopack/digest/note.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

#include "ed25519.hpp"
#include "gopack/base/error.hpp"
#include "gopack/digest/base64.hpp"
#include "gopack/digest/sha256.hpp"

namespace gopack::digest {

namespace {

constexpr std::size_t kNoteLimit = 1'000'000;  // bytes
constexpr std::size_t kSignatureLimit = 100;
constexpr std::uint8_t kAlgorithmEd25519 = 1;
constexpr std::string_view kSignaturePrefix = "\xe2\x80\x94 ";  // an em dash and a blank

bool is_name(std::string_view text) {
  return !text.empty() && text.find_first_of("+ \t\r\n") == std::string_view::npos;
}

std::optional<std::array<std::uint8_t, 4>> parse_key_id(std::string_view hex) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(hex.data(), hex.data() + hex.size(), value, 16);
  if (hex.size() != 8 || error != std::errc() || end != hex.data() + hex.size()) return std::nullopt;
  return std::array{static_cast<std::uint8_t>(value >> 24), static_cast<std::uint8_t>(value >> 16),
                    static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)};
}

struct Signature {
  std::string_view name;
  std::vector<std::uint8_t> bytes;  // four of key id, then the signature
};

std::optional<Signature> parse_signature(std::string_view line) {
  if (!line.starts_with(kSignaturePrefix)) return std::nullopt;
  line.remove_prefix(kSignaturePrefix.size());
  const auto blank = line.find(' ');
  if (blank == std::string_view::npos || !is_name(line.substr(0, blank))) return std::nullopt;
  auto bytes = base64_decode(line.substr(blank + 1));
  if (!bytes || bytes->size() <= 4) return std::nullopt;
  return Signature{line.substr(0, blank), std::move(*bytes)};
}

Error malformed(std::string_view reason) {
  return {ErrorKind::integrity, fmt::format("cannot read a signed note: {}", reason)};
}

// `lines` is everything below the blank line.
std::vector<Signature> parse_signatures(std::string_view lines) {
  std::vector<Signature> signatures;
  while (!lines.empty()) {
    const auto end = lines.find('\n');
    auto signature = end == std::string_view::npos ? std::nullopt : parse_signature(lines.substr(0, end));
    if (!signature) throw malformed("a line below the text is not a signature");
    if (signatures.size() == kSignatureLimit) throw malformed("too many signatures");
    signatures.push_back(std::move(*signature));
    lines.remove_prefix(end + 1);
  }
  return signatures;
}

}  // namespace

NoteVerifier NoteVerifier::parse(std::string_view key) {
  const auto fail = [&](std::string_view reason) {
    return Error(ErrorKind::usage, fmt::format("cannot use verifier key {}: {}", printable(key), reason))
        .with_hint("a key reads <name>+<8 hex digits>+<base64>");
  };
  const auto first = key.find('+');
  const auto second = first == std::string_view::npos ? first : key.find('+', first + 1);
  if (second == std::string_view::npos) throw fail("it does not have three parts");

  NoteVerifier verifier;
  verifier.name_ = key.substr(0, first);
  const auto id = parse_key_id(key.substr(first + 1, second - first - 1));
  const auto data = base64_decode(key.substr(second + 1));
  if (!is_name(verifier.name_) || !id || !data || data->empty()) throw fail("it is malformed");
  if (data->front() != kAlgorithmEd25519 || data->size() != 1 + kEd25519KeySize) {
    throw fail("its algorithm is not known");
  }
  const auto expected = hash(verifier.name_ + "\n" + std::string(data->begin(), data->end()));
  if (!std::equal(id->begin(), id->end(), expected.bytes().begin()))
    throw fail("its id is that of another key");
  verifier.id_ = *id;
  std::copy(data->begin() + 1, data->end(), verifier.key_.begin());
  return verifier;
}

std::string NoteVerifier::open(std::string_view note) const {
  if (note.size() > kNoteLimit) throw malformed("it is too long");
  const bool has_control =
      std::any_of(note.begin(), note.end(), [](unsigned char c) { return c < 0x20 && c != '\n'; });
  if (has_control) throw malformed("there are control characters in it");
  const auto split = note.rfind("\n\n");
  if (split == std::string_view::npos) throw malformed("there is no signature below it");

  const auto text = note.substr(0, split + 1);
  bool proved = false;
  for (const auto& signature : parse_signatures(note.substr(split + 2))) {
    const auto id = std::span(signature.bytes).first(id_.size());
    if (signature.name != name_ || !std::equal(id.begin(), id.end(), id_.begin())) continue;
    if (!verify_ed25519(key_, text, std::span(signature.bytes).subspan(id_.size()))) {
      throw Error(ErrorKind::integrity,
                  fmt::format("cannot trust a signed note: the signature of {} does not hold", name_));
    }
    proved = true;
  }
  if (!proved) {
    throw Error(ErrorKind::integrity,
                fmt::format("cannot trust a signed note: it is not signed by the key of {}", name_));
  }
  return std::string(text);
}

}  // namespace gopack::digest
