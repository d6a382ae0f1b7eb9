#include "gopack/digest/sha256.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <new>
#include <string_view>
#include <vector>

#include "gopack/base/error.hpp"
#include "openssl_check.hpp"

namespace gopack::digest {

namespace {

constexpr std::string_view kDigits = "0123456789abcdef";
constexpr std::uint8_t kNoDigit = 0xFF;

// What a byte stands for as a hex digit. Manifests are full of them.
constexpr auto kValues = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(kNoDigit);
  for (std::uint8_t value = 0; value < 16; ++value) {
    const auto digit = static_cast<std::uint8_t>(kDigits[value]);
    values[digit] = value;
    if (value >= 10) values[digit - 'a' + 'A'] = value;
  }
  return values;
}();

}  // namespace

std::optional<Sha256> Sha256::try_parse(std::string_view hex) {
  if (hex.size() != 2 * kSize) return std::nullopt;
  std::array<std::uint8_t, kSize> bytes{};
  unsigned all = 0;  // has a high bit where one of them is no digit
  for (std::size_t i = 0; i < kSize; ++i) {
    const unsigned high = kValues[static_cast<std::uint8_t>(hex[2 * i])];
    const unsigned low = kValues[static_cast<std::uint8_t>(hex[2 * i + 1])];
    all |= high | low;
    bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  return (all & 0xF0) == 0 ? std::optional(Sha256(bytes)) : std::nullopt;
}

std::string Sha256::hex() const {
  std::string text(2 * kSize, '\0');
  for (std::size_t i = 0; i < kSize; ++i) {
    text[2 * i] = kDigits[bytes_[i] >> 4];
    text[2 * i + 1] = kDigits[bytes_[i] & 15];
  }
  return text;
}

Hasher::Hasher() : state_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
  // Where there was no memory to set OpenSSL up, looking for an algorithm would crash.
  check(OPENSSL_init_crypto(0, nullptr) == 1 && OSSL_LIB_CTX_get0_global_default() != nullptr,
        "set OpenSSL up");
  const bool is_ready = state_ != nullptr && EVP_DigestInit_ex(state_.get(), EVP_sha256(), nullptr) == 1;
  if (!is_ready) throw std::bad_alloc();  // else what is hashed would be taken for damaged
}

void Hasher::write(ByteView bytes) {
  check(EVP_DigestUpdate(state_.get(), bytes.data(), bytes.size()) == 1, "compute SHA-256");
}

Sha256 Hasher::so_far() const {
  Hasher copy;
  check(EVP_MD_CTX_copy_ex(copy.state_.get(), state_.get()) == 1, "compute SHA-256");
  return copy.finish();
}

Sha256 Hasher::finish() {
  std::array<std::uint8_t, Sha256::kSize> bytes{};
  check(EVP_DigestFinal_ex(state_.get(), bytes.data(), nullptr) == 1, "compute SHA-256");
  check(EVP_DigestInit_ex(state_.get(), nullptr, nullptr) == 1, "start SHA-256");
  return Sha256(bytes);
}

ByteView HashingSource::next() {
  const auto block = upstream_.next();
  hasher_.write(block);
  count_ += block.size();
  return block;
}

Sha256 hash(ByteView bytes) {
  Hasher hasher;
  hasher.write(bytes);
  return hasher.finish();
}

Sha256 hash(std::string_view text) {
  return hash(as_bytes(text));
}

Sha256 hash(const File& file) {
  Hasher hasher;
  // Most files are small: no larger than the file, or an allocator asks the system for each.
  std::vector<std::byte> buffer(std::clamp<std::uint64_t>(file.status().size, 1, 256 << 10));
  for (std::uint64_t offset = 0;;) {
    const auto n = file.read_at(buffer, offset);
    if (n == 0) return hasher.finish();
    hasher.write({buffer.data(), n});
    offset += n;
  }
}

}  // namespace gopack::digest
