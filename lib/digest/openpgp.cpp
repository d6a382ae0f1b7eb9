#include "gopack/digest/openpgp.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <sstream>
#include <utility>

#include "gopack/base/error.hpp"
#include "gopack/base/process.hpp"
#include "gopack/base/replace.hpp"
#include "gopack/base/report.hpp"
#include "gopack/digest/base64.hpp"

namespace gopack::digest {

namespace {

constexpr std::uint64_t kLargestKeyFile = 1 << 20;
constexpr std::string_view kStatusPrefix = "[GNUPG:] ";
constexpr std::string_view kSignatureBegin = "-----BEGIN PGP SIGNATURE-----";
constexpr const char* kWhereKeysAre =
    "name its file with --signing-key; Go's is at https://dl.google.com/linux/linux_signing_key.pub";

// What gpgv says of signatures that are not to be trusted.
constexpr std::array<std::pair<std::string_view, const char*>, 8> kObjections{{
    {"BADSIG", "it is not the signature of these bytes"},
    {"ERRSIG", "it is made by a key that the signing key's file does not have"},
    {"NO_PUBKEY", "it is made by a key that the signing key's file does not have"},
    {"EXPSIG", "the signature has expired"},
    {"EXPKEYSIG", "the key it is made by has expired"},
    {"REVKEYSIG", "the key it is made by has been revoked"},
    {"NODATA", "it is not a signature"},
    {"UNEXPECTED", "it is not a signature"},
}};

// 40 or 64 hex digits in capitals, however they are grouped.
std::string parse_fingerprint(const std::string& text) {
  std::string digits;
  for (const char c : text) {
    if (c != ' ') digits += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  const bool is_hex = digits.find_first_not_of("0123456789ABCDEF") == std::string::npos;
  if (is_hex && (digits.size() == 40 || digits.size() == 64)) return digits;
  throw Error(ErrorKind::usage,
              fmt::format("cannot use signing key {}: that is not a fingerprint", printable(text)))
      .with_hint("a fingerprint has 40 hex digits: `gpg --show-keys FILE` prints it");
}

std::string read_key(const std::filesystem::path& file) {
  if (file.empty())
    throw Error(ErrorKind::usage, "cannot check signatures: no signing key is given")
        .with_hint(kWhereKeysAre);
  try {
    return dearmor_key(read_text(file, kLargestKeyFile));
  } catch (const Error& error) {
    throw Error(ErrorKind::usage, fmt::format("cannot use signing key {}: {}", printable(file), error.text()))
        .with_hint(kWhereKeysAre);
  }
}

}  // namespace

std::string dearmor_key(std::string_view text) {
  if (text.find("-----BEGIN") == std::string_view::npos) return std::string(text);
  std::istringstream lines{std::string(text)};
  std::string keys;
  std::string base64;
  enum class At { outside, headers, body, checksum } at = At::outside;
  for (std::string line; std::getline(lines, line);) {
    line.erase(line.find_last_not_of(" \t\r") + 1);
    if (line == "-----BEGIN PGP PUBLIC KEY BLOCK-----") {
      at = At::headers;
    } else if (line == "-----END PGP PUBLIC KEY BLOCK-----") {
      const auto bytes = base64_decode(std::exchange(base64, {}));
      if (!bytes || bytes->empty()) throw Error(ErrorKind::usage, "its armor is damaged");
      keys.append(bytes->begin(), bytes->end());
      at = At::outside;
    } else if (at == At::headers && line.empty()) {
      at = At::body;
    } else if (at == At::body && line.starts_with('=')) {
      at = At::checksum;
    } else if (at == At::body) {
      base64 += line;
    }
  }
  if (keys.empty() || at != At::outside) throw Error(ErrorKind::usage, "there is no public key in it");
  return keys;
}

std::optional<std::string> find_objection(std::string_view status, std::string_view fingerprint) {
  bool is_good = false;
  std::istringstream lines{std::string(status)};
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with(kStatusPrefix)) continue;
    std::istringstream words(line.substr(kStatusPrefix.size()));
    std::string keyword;
    words >> keyword;
    for (const auto& [bad, reason] : kObjections) {
      if (keyword == bad) return reason;
    }
    if (keyword != "VALIDSIG") continue;
    std::string primary;  // the last word
    for (std::string word; words >> word;) primary = word;
    if (primary != fingerprint) return fmt::format("it is made by the key {}", printable(primary));
    is_good = true;
  }
  return is_good ? std::nullopt : std::optional<std::string>("gpgv does not say that it is good");
}

SignatureChecker::SignatureChecker(const SigningKey& key, const Dir& scratch)
    : fingerprint_(parse_fingerprint(key.fingerprint)) {
  constexpr const char* kKeyring = "signing-key.gpg";
  const auto keys = read_key(key.file);
  const auto gpgv = find_program("gpgv", environment_variable("PATH").value_or(""));
  if (!gpgv) {
    throw Error(ErrorKind::usage, "cannot check signatures: the program gpgv is not in PATH")
        .with_hint("install GnuPG's gpgv (Debian and Ubuntu: apt-get install gpgv)");
  }
  gpgv_ = *gpgv;
  replace_text(scratch, kKeyring, keys, false);
  keyring_ = std::filesystem::absolute(scratch.path() / kKeyring);
}

void SignatureChecker::check(const std::filesystem::path& file, const std::string& signature,
                             std::string_view source, const std::stop_token& stop) const {
  const auto refuse = [&](std::string_view reason) {
    return Error(ErrorKind::integrity, fmt::format("cannot accept the signature {}: {}", source, reason))
        .with_hint(fmt::format("expected is one by the key {}; use another --source", fingerprint_));
  };
  // What gpgv takes for a signature is more than what belongs beside a file.
  if (!signature.starts_with(kSignatureBegin)) throw refuse("it is not a signature");
  const auto result = run_process({gpgv_.string(), "--status-fd", "1", "--keyring", keyring_.generic_string(),
                                   "--", "-", std::filesystem::absolute(file).generic_string()},
                                  {}, {.input = signature, .discard_errors = true, .stop = stop});
  throw_if_stopped(stop);
  if (const auto objection = find_objection(result.output, fingerprint_)) throw refuse(*objection);
  if (result.status != 0) throw refuse(fmt::format("gpgv ended with status {}", result.status));
}

}  // namespace gopack::digest
