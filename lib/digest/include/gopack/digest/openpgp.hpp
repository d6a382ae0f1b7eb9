// Detached OpenPGP signatures ("<file>.asc"), checked by GnuPG's gpgv. Its machine-readable status alone
// decides (GnuPG doc/DETAILS), never its exit status or its words for people.
#pragma once

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "gopack/base/file.hpp"

namespace gopack::digest {

// The primary key that the Go project's releases are signed with, by one subkey or another.
inline constexpr const char* kGoSigningKey = "EB4C1BFD4F042F6DDDCCEC917721F63BD38B4796";

struct SigningKey {
  std::filesystem::path file;               // public keys, armored or binary
  std::string fingerprint = kGoSigningKey;  // of the primary key, in hex
};

// Public keys as gpgv wants them, when they are armored (RFC 9580, section 6.2). Throws Error (usage).
std::string dearmor_key(std::string_view text);

// Why gpgv's status lines prove no signature by the primary key `fingerprint`; nothing when they do. A
// signature beside a good one that does not hold, of a key that has expired or been revoked, is a reason.
std::optional<std::string> find_objection(std::string_view status, std::string_view fingerprint);

class SignatureChecker {
 public:
  // `scratch` keeps the key in the form that gpgv reads, as "signing-key.gpg". Throws Error (usage) when
  // there is no key or no gpgv: not checked is never good.
  SignatureChecker(const SigningKey& key, const Dir& scratch);

  // Any number of threads may call it. Throws Error: integrity unless `signature`, an armored detached one,
  // is a good one of the file by the key; interrupted when `stop` ends gpgv. `source` is where the signature
  // comes from, for messages.
  void check(const std::filesystem::path& file, const std::string& signature, std::string_view source,
             const std::stop_token& stop = {}) const;
  // For manifests: "signature of EB4C…".
  std::string name() const { return "signature of " + fingerprint_; }

 private:
  std::string fingerprint_;
  std::filesystem::path gpgv_;
  std::filesystem::path keyring_;
};

}  // namespace gopack::digest
