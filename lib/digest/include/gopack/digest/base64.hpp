// Base64 with padding (RFC 4648, section 4).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gopack::digest {

std::string base64_encode(std::span<const std::uint8_t> bytes);
// Nothing for text that is not exactly the encoding of some bytes.
std::optional<std::vector<std::uint8_t>> base64_decode(std::string_view text);

}  // namespace gopack::digest
