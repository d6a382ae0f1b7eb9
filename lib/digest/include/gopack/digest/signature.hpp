// Detached signatures by an Ed25519 key (RFC 8032), as minisign 0.11 writes and checks them
// (https://jedisct1.github.io/minisign/): over the BLAKE2b-512 of a text, with a comment that is signed as
// well. The same key signs DSSE envelopes (attest), so cosign checks those with the key as PEM.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct evp_pkey_st;

namespace gopack::digest {

class PublicKey {
 public:
  // The line that minisign's public keys consist of, alone or below their comment. Throws Error (usage).
  static PublicKey parse(std::string_view text);

  // As minisign prints it: 16 hex digits in upper case.
  std::string id() const;
  // Comment and key, as minisign reads them from a file.
  std::string text() const;
  // SubjectPublicKeyInfo (RFC 8410), as OpenSSL and cosign read it from a file.
  std::string pem() const;

  // Whether `signature` is one of the message itself by this key's owner.
  bool verifies(std::string_view message, std::string_view signature) const;

  bool operator==(const PublicKey&) const = default;

 private:
  friend class SecretKey;
  using Id = std::array<std::uint8_t, 8>;

  PublicKey() = default;
  Id id_{};
  std::array<std::uint8_t, 32> bytes_{};
};

class SecretKey {
 public:
  static SecretKey generate();
  // PKCS #8 as PEM (RFC 8410), without a password. Throws Error (usage).
  static SecretKey parse(std::string_view pem);

  std::string pem() const;
  // Its id is the start of the key's SHA-256.
  PublicKey public_key() const;
  // 64 bytes, of the message itself.
  std::string sign(std::string_view message) const;
  // The text of a ".minisig" file; `comment` is one line, and signed as well.
  std::string sign_text(std::string_view message, std::string_view comment) const;

 private:
  struct Free {
    void operator()(evp_pkey_st* key) const;
  };
  explicit SecretKey(evp_pkey_st* key) : key_(key) {}

  std::unique_ptr<evp_pkey_st, Free> key_;
};

// The signed comment of `signature`, the text of a ".minisig" file, once it is a good one of `message` by one
// of the keys. Lines may end as on Windows; the older format, over the message itself, is refused. Throws
// Error (integrity) that tells a signature that cannot be read, one by another key, and one that does not
// hold.
std::string open_signature(std::string_view message, std::string_view signature,
                           std::span<const PublicKey> trusted);

}  // namespace gopack::digest
