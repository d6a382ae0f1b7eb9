#include "ed25519.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>

#include <memory>

#include "openssl_check.hpp"

namespace gopack::digest {

namespace {

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

}  // namespace

bool verify_ed25519(std::span<const std::uint8_t> key, std::string_view message,
                    std::span<const std::uint8_t> signature) {
  if (key.size() != kEd25519KeySize || signature.size() != kEd25519SignatureSize) return false;
  const std::unique_ptr<EVP_PKEY, FreeKey> public_key(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(), key.size()));
  check(public_key != nullptr, "read an Ed25519 key");
  const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
  check(context != nullptr &&
            EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, public_key.get()) == 1,
        "start the verification of an Ed25519 signature");
  const int verdict =
      EVP_DigestVerify(context.get(), signature.data(), signature.size(),
                       reinterpret_cast<const unsigned char*>(message.data()), message.size());
  ERR_clear_error();  // a signature that does not hold leaves its reason in the thread's queue
  return verdict == 1;
}

}  // namespace gopack::digest
