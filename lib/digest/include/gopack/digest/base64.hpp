// Base64 with padding (RFC 4648, section 4).
#pragma once

#include <cstddef>
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

// Decodes a text that comes in pieces. Not thread-safe.
class Base64Decoder {
 public:
  explicit Base64Decoder(ByteSink& to) : to_(to) {}
  void write(std::string_view text);
  // After the last piece: whether all of them are exactly the encoding of what `to` got.
  bool finish();

 private:
  static constexpr std::size_t kGroup = 4;  // letters that stand for three bytes

  ByteSink& to_;
  std::string held_;  // letters that are not decoded yet
  bool is_wrong_ = false;
};

}  // namespace gopack::digest
