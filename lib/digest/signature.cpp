#include "gopack/digest/signature.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "ed25519.hpp"
#include "gopack/base/error.hpp"
#include "gopack/digest/base64.hpp"
#include "gopack/digest/sha256.hpp"
#include "openssl_check.hpp"

namespace gopack::digest {

namespace {

struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using Bio = std::unique_ptr<BIO, FreeBio>;
struct FreeDigest {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

constexpr std::string_view kUntrusted = "untrusted comment: ";
constexpr std::string_view kTrusted = "trusted comment: ";
constexpr std::string_view kKeyAlgorithm = "Ed";
constexpr std::string_view kPrehashed = "ED";  // in signatures
constexpr std::size_t kIdSize = 8;

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const auto size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string blake2b(std::string_view message) {
  std::string value(64, '\0');
  check(EVP_Digest(message.data(), message.size(), reinterpret_cast<unsigned char*>(value.data()), nullptr,
                   EVP_blake2b512(), nullptr) == 1,
        "compute a BLAKE2b digest");
  return value;
}

std::string encode(std::string_view bytes) {
  return base64_encode({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

std::string_view bytes_of(const auto& array) {
  return {reinterpret_cast<const char*>(array.data()), array.size()};
}

// The bytes of a line that has exactly `size` of them, `algorithm` in front; nothing for any other.
std::optional<std::string> decode(std::string_view line, std::string_view algorithm, std::size_t size) {
  const auto bytes = base64_decode(line);
  if (!bytes || bytes->size() != size) return std::nullopt;
  std::string text(bytes->begin(), bytes->end());
  if (!text.starts_with(algorithm)) return std::nullopt;
  return text;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty()) lines.push_back(line);
  }
  return lines;
}

// A ".minisig" file, taken apart.
struct DetachedSignature {
  std::string id;
  std::string bytes;
  std::string comment;
  std::string comment_bytes;  // the signature of `bytes` and the comment
};

std::optional<DetachedSignature> parse_detached(std::string_view text) {
  const auto lines = lines_of(text);
  if (lines.size() != 4 || !lines[0].starts_with(kUntrusted) || !lines[2].starts_with(kTrusted))
    return std::nullopt;
  const auto first = decode(lines[1], kPrehashed, kPrehashed.size() + kIdSize + kEd25519SignatureSize);
  const auto second = decode(lines[3], "", kEd25519SignatureSize);
  if (!first || !second) return std::nullopt;
  return DetachedSignature{.id = first->substr(kPrehashed.size(), kIdSize),
                           .bytes = first->substr(kPrehashed.size() + kIdSize),
                           .comment = std::string(lines[2].substr(kTrusted.size())),
                           .comment_bytes = *second};
}

// As minisign prints them: the last byte first.
std::string id_text(std::string_view id) {
  std::string text;
  for (auto at = id.rbegin(); at != id.rend(); ++at)
    text += fmt::format("{:02X}", static_cast<unsigned char>(*at));
  return text;
}

// OpenSSL asks on the terminal where there is no such function.
int refuse_password(char*, int, int, void*) noexcept {
  return -1;
}

}  // namespace

PublicKey PublicKey::parse(std::string_view text) {
  const auto lines = lines_of(text);
  const auto bytes =
      lines.empty() || lines.size() > 2 || (lines.size() == 2 && !lines[0].starts_with(kUntrusted))
          ? std::nullopt
          : decode(lines.back(), kKeyAlgorithm, kKeyAlgorithm.size() + kIdSize + kEd25519KeySize);
  if (!bytes) {
    throw Error(ErrorKind::usage, "cannot read a public key: it is not in minisign's format")
        .with_hint("`gopack key new` writes such a key beside the secret one, as NAME.pub");
  }
  PublicKey key;
  std::copy_n(bytes->begin() + kKeyAlgorithm.size(), kIdSize, key.id_.begin());
  std::copy(bytes->begin() + kKeyAlgorithm.size() + kIdSize, bytes->end(), key.bytes_.begin());
  return key;
}

std::string PublicKey::id() const {
  return id_text(bytes_of(id_));
}

std::string PublicKey::text() const {
  return fmt::format("{}minisign public key {}\n{}\n", kUntrusted, id(),
                     encode(std::string(kKeyAlgorithm).append(bytes_of(id_)).append(bytes_of(bytes_))));
}

std::string PublicKey::pem() const {
  // SubjectPublicKeyInfo of an Ed25519 key is these bytes and the key (RFC 8410, section 4).
  constexpr std::array<std::uint8_t, 12> kHead = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
                                                  0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};
  return fmt::format("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
                     encode(std::string(bytes_of(kHead)).append(bytes_of(bytes_))));
}

bool PublicKey::verifies(std::string_view message, std::string_view signature) const {
  return verify_ed25519(bytes_, message,
                        {reinterpret_cast<const std::uint8_t*>(signature.data()), signature.size()});
}

void SecretKey::Free::operator()(evp_pkey_st* key) const {
  EVP_PKEY_free(key);
}

SecretKey SecretKey::generate() {
  auto* const key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  check(key != nullptr, "make an Ed25519 key");
  return SecretKey(key);
}

SecretKey SecretKey::parse(std::string_view pem) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  check(bio != nullptr, "read a secret key");
  SecretKey key(PEM_read_bio_PrivateKey(bio.get(), nullptr, refuse_password, nullptr));
  ERR_clear_error();
  if (!key.key_ || EVP_PKEY_is_a(key.key_.get(), "ED25519") != 1) {
    throw Error(ErrorKind::usage,
                "cannot read a secret key: it is not an Ed25519 key as PEM without a password")
        .with_hint("`gopack key new NAME` writes such a key as NAME.key");
  }
  return key;
}

std::string SecretKey::pem() const {
  const Bio bio(BIO_new(BIO_s_mem()));
  check(
      bio && PEM_write_bio_PKCS8PrivateKey(bio.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1,
      "write a secret key");
  return text_of(bio.get());
}

PublicKey SecretKey::public_key() const {
  PublicKey key;
  auto size = key.bytes_.size();
  check(EVP_PKEY_get_raw_public_key(key_.get(), key.bytes_.data(), &size) == 1, "read a public key");
  const auto digest = hash(bytes_of(key.bytes_));
  std::copy_n(digest.bytes().begin(), kIdSize, key.id_.begin());
  return key;
}

std::string SecretKey::sign(std::string_view message) const {
  const std::unique_ptr<EVP_MD_CTX, FreeDigest> context(EVP_MD_CTX_new());
  std::string signature(kEd25519SignatureSize, '\0');
  auto size = signature.size();
  check(context && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1 &&
            EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                           reinterpret_cast<const unsigned char*>(message.data()), message.size()) == 1,
        "sign a text");
  return signature;
}

std::string SecretKey::sign_text(std::string_view message, std::string_view comment) const {
  const auto signature = sign(blake2b(message));
  const auto key = public_key();
  return fmt::format("{}signature by key {}\n{}\n{}{}\n{}\n", kUntrusted, key.id(),
                     encode(std::string(kPrehashed).append(bytes_of(key.id_)).append(signature)), kTrusted,
                     comment, encode(sign(signature + std::string(comment))));
}

std::string open_signature(std::string_view message, std::string_view signature,
                           std::span<const PublicKey> trusted) {
  const auto parsed = parse_detached(signature);
  if (!parsed) throw Error(ErrorKind::integrity, "its signature is not in minisign's format");
  const auto id = id_text(parsed->id);
  const auto key =
      std::find_if(trusted.begin(), trusted.end(), [&](const PublicKey& one) { return one.id() == id; });
  if (key == trusted.end()) {
    throw Error(ErrorKind::integrity, fmt::format("it is signed by the key {}, which is not trusted", id));
  }
  if (!key->verifies(blake2b(message), parsed->bytes) ||
      !key->verifies(parsed->bytes + parsed->comment, parsed->comment_bytes)) {
    throw Error(ErrorKind::integrity, fmt::format("its signature by the key {} does not hold", id));
  }
  return parsed->comment;
}

}  // namespace gopack::digest
