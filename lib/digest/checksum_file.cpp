#include "gopack/digest/checksum_file.hpp"

#include <algorithm>

namespace gopack::digest {

namespace {

constexpr std::size_t kHexSize = 2 * Sha256::kSize;

}  // namespace

std::optional<Sha256> parse_checksum_file(std::string_view text) {
  if (text.size() > kHexSize && std::string_view(" \t\r\n").find(text[kHexSize]) == std::string_view::npos) {
    return std::nullopt;
  }
  return Sha256::try_parse(text.substr(0, kHexSize));
}

std::map<std::string, Sha256> parse_checksum_list(std::string_view text) {
  std::map<std::string, Sha256> digests;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    // "<hex>", a blank, a blank or "*" (text or binary mode), the name.
    if (line.size() < kHexSize + 3 || line[kHexSize] != ' ') continue;
    const auto digest = Sha256::try_parse(line.substr(0, kHexSize));
    if (digest) digests.emplace(line.substr(kHexSize + 2), *digest);
  }
  return digests;
}

}  // namespace gopack::digest
