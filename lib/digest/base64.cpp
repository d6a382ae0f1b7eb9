#include "gopack/digest/base64.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>

namespace gopack::digest {

namespace {

constexpr std::uint8_t kNone = 255;

constexpr std::array<std::uint8_t, 256> make_values() {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::array<std::uint8_t, 256> values{};
  values.fill(kNone);
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    values[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}
constexpr auto kValues = make_values();

}  // namespace

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

void Base64Decoder::write(std::string_view text) {
  bytes_.clear();
  for (const char letter : text) {
    const auto value = kValues[static_cast<unsigned char>(letter)];
    if (letter == '=') {
      ++padding_;
    } else if (value == kNone || padding_ > 0) {
      is_wrong_ = true;
    } else {
      bits_ = bits_ << 6 | value;
      if (++letters_ < 4) continue;
      for (const int shift : {16, 8, 0}) bytes_.push_back(static_cast<std::byte>(bits_ >> shift));
      letters_ = 0;
      bits_ = 0;
    }
  }
  // The last letters stand for one or two bytes.
  if (padding_ > 0 && letters_ + padding_ == 4 && letters_ >= 2) {
    const unsigned spare = letters_ == 2 ? 4 : 2;
    is_wrong_ = is_wrong_ || (bits_ & ((1u << spare) - 1)) != 0;
    bits_ >>= spare;
    if (letters_ == 3) bytes_.push_back(static_cast<std::byte>(bits_ >> 8));
    bytes_.push_back(static_cast<std::byte>(bits_));
    letters_ = padding_ = 4;
  }
  if (!bytes_.empty()) to_.write(bytes_);
}

bool Base64Decoder::finish() const {
  return !is_wrong_ && (padding_ == 0 ? letters_ == 0 : letters_ == 4 && padding_ == 4);
}

}  // namespace gopack::digest
