// An Ed25519 key of a test's own, and notes signed with it (golang.org/x/mod/sumdb/note).
#pragma once

#include <openssl/evp.h>

#include <array>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "gopack/digest/base64.hpp"
#include "gopack/digest/sha256.hpp"

namespace gopack::test {

class SigningKey {
 public:
  // The key follows from `seed`, so that tests are the same every time.
  explicit SigningKey(std::string name, std::uint8_t seed = 1) : name_(std::move(name)) {
    std::array<std::uint8_t, 32> secret{};
    secret.fill(seed);
    key_.reset(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, secret.data(), secret.size()));
    public_.resize(33);
    public_[0] = 1;  // the algorithm: Ed25519
    std::size_t size = 32;
    if (!key_ || EVP_PKEY_get_raw_public_key(key_.get(), public_.data() + 1, &size) != 1) {
      throw std::runtime_error("no Ed25519 key");
    }
  }

  const std::string& name() const { return name_; }
  std::string id_hex() const { return id_digest().hex().substr(0, 8); }
  // What a verifier is made from.
  std::string verifier() const { return name_ + "+" + id_hex() + "+" + digest::base64_encode(public_); }

  // The line below a note; `text` ends with a newline.
  std::string signature_line(std::string_view text) const {
    const auto id = id_digest();
    std::vector<std::uint8_t> bytes(id.bytes().begin(), id.bytes().begin() + 4);
    bytes.resize(4 + 64);
    std::size_t size = 64;
    const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
    if (EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) != 1 ||
        EVP_DigestSign(context.get(), bytes.data() + 4, &size,
                       reinterpret_cast<const unsigned char*>(text.data()), text.size()) != 1) {
      throw std::runtime_error("cannot sign");
    }
    return "\xe2\x80\x94 " + name_ + " " + digest::base64_encode(bytes) + "\n";
  }
  std::string sign(const std::string& text) const { return text + "\n" + signature_line(text); }

 private:
  struct FreeKey {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  };
  struct FreeContext {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  digest::Sha256 id_digest() const {
    return digest::hash(name_ + "\n" + std::string(public_.begin(), public_.end()));
  }

  std::string name_;
  std::unique_ptr<EVP_PKEY, FreeKey> key_;
  std::vector<std::uint8_t> public_;  // with the algorithm before it
};

}  // namespace gopack::test
