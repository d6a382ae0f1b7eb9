// Base64 with padding (RFC 4648, section 4).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gopack/base/bytes.hpp"

namespace gopack::digest {

std::string base64_encode(std::span<const std::uint8_t> bytes);
// Nothing for text that is not exactly the encoding of some bytes.
std::optional<std::vector<std::uint8_t>> base64_decode(std::string_view text);

// Decodes a text that comes in pieces.
class Base64Decoder {
 public:
  explicit Base64Decoder(ByteSink& to) : to_(to) {}
  void write(std::string_view text);
  // Whether all that was written is exactly the encoding of what `to` got.
  bool finish() const;

 private:
  ByteSink& to_;
  std::vector<std::byte> bytes_;  // of the piece at hand
  std::uint32_t bits_ = 0;        // of the letters since the last three bytes
  unsigned letters_ = 0;
  unsigned padding_ = 0;
  bool is_wrong_ = false;
};

}  // namespace gopack::digest
