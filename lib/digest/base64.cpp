#include "gopack/digest/base64.hpp"

#include <openssl/evp.h>

#include <algorithm>

namespace gopack::digest {

std::string base64_encode(std::span<const std::uint8_t> bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int n = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(),
                                static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(n));
  return text;
}

std::optional<std::vector<std::uint8_t>> base64_decode(std::string_view text) {
  std::vector<std::uint8_t> bytes(text.size() / 4 * 3);
  const int n = EVP_DecodeBlock(bytes.data(), reinterpret_cast<const unsigned char*>(text.data()),
                                static_cast<int>(text.size()));
  if (n < 0 || text.size() % 4 != 0) return std::nullopt;
  // EVP_DecodeBlock counts the padding as bytes.
  const auto padding = std::count(text.begin(), text.end(), '=');
  if (padding > n) return std::nullopt;
  bytes.resize(static_cast<std::size_t>(n - padding));
  if (base64_encode(bytes) != text) return std::nullopt;
  return bytes;
}

}  // namespace gopack::digest
