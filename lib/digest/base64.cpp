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

// Whole groups of letters; the last four, which may be padded, stay for finish().
void Base64Decoder::write(std::string_view text) {
  held_ += text;
  if (held_.size() <= kGroup) return;
  const auto letters = (held_.size() - 1) / kGroup * kGroup;
  const std::string_view groups(held_.data(), letters);
  std::vector<std::byte> bytes(letters / kGroup * 3);
  // It takes '=' for a letter and passes over blanks at both ends, which makes the result shorter.
  const int n =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                      reinterpret_cast<const unsigned char*>(groups.data()), static_cast<int>(letters));
  if (n == static_cast<int>(bytes.size()) && groups.find('=') == std::string_view::npos) {
    to_.write(bytes);
  } else {
    is_wrong_ = true;
  }
  held_.erase(0, letters);
}

bool Base64Decoder::finish() {
  const auto last = base64_decode(held_);
  if (!last || is_wrong_) return false;
  if (!last->empty()) to_.write(std::as_bytes(std::span(*last)));
  return true;
}

}  // namespace gopack::digest
