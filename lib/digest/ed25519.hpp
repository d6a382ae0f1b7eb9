// Ed25519 (RFC 8032).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace gopack::digest {

inline constexpr std::size_t kEd25519KeySize = 32;
inline constexpr std::size_t kEd25519SignatureSize = 64;

// Whether `signature` is one of `message` by the owner of the public `key`. Spans of other sizes are not.
bool verify_ed25519(std::span<const std::uint8_t> key, std::string_view message,
                    std::span<const std::uint8_t> signature);

}  // namespace gopack::digest
