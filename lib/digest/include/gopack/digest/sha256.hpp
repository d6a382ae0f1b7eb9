// SHA-256 (FIPS 180-4) and the ways it is applied: to streams, to files, beside other work.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "gopack/base/bytes.hpp"
#include "gopack/base/file.hpp"

struct evp_md_ctx_st;

namespace gopack::digest {

// A SHA-256 value.
class Sha256 {
 public:
  static constexpr std::size_t kSize = 32;

  Sha256() = default;  // all zero; no real digest
  explicit Sha256(const std::array<std::uint8_t, kSize>& bytes) : bytes_(bytes) {}
  // 64 lower-case or upper-case hex digits, nothing else.
  static std::optional<Sha256> try_parse(std::string_view hex);

  std::string hex() const;
  const std::array<std::uint8_t, kSize>& bytes() const { return bytes_; }
  auto operator<=>(const Sha256&) const = default;

 private:
  std::array<std::uint8_t, kSize> bytes_{};
};

// Computes a digest piece by piece. finish() gives the value and starts anew; so_far() gives that of what was
// written until now, and goes on.
class Hasher final : public ByteSink {
 public:
  Hasher();
  void write(ByteView bytes) override;
  Sha256 finish();
  Sha256 so_far() const;

 private:
  std::unique_ptr<evp_md_ctx_st, void (*)(evp_md_ctx_st*)> state_;
};

// Passes a stream through and hashes what passes.
class HashingSource final : public ByteSource {
 public:
  HashingSource(ByteSource& upstream, Hasher& hasher) : upstream_(upstream), hasher_(hasher) {}
  ByteView next() override;
  std::uint64_t count() const { return count_; }

 private:
  ByteSource& upstream_;
  Hasher& hasher_;
  std::uint64_t count_ = 0;
};

Sha256 hash(ByteView bytes);
Sha256 hash(std::string_view text);
// The whole file, from its start, whatever its position is; the position is left alone.
Sha256 hash(const File& file);

}  // namespace gopack::digest
