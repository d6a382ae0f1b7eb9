#include "gopack/pack/trust.hpp"

#include <optional>

#include "gopack/base/error.hpp"

namespace gopack::pack {

std::string require_trusted(std::string_view manifest, const std::vector<std::string>& signatures,
                            const Trust& trust) {
  std::optional<Error> fault;
  for (const auto& signature : signatures) {
    if (trust.keys.empty()) break;
    try {
      return digest::open_signature(manifest, signature, trust.keys);
    } catch (const Error& error) {
      fault = error;
    }
  }
  if (fault) throw *fault;
  if (trust.allow_unsigned) return {};
  if (signatures.empty()) {
    throw Error(ErrorKind::integrity, "it is not signed").with_hint("--allow-unsigned takes it all the same");
  }
  throw Error(ErrorKind::integrity, "it is signed, and no key is trusted")
      .with_hint("name the publisher's public key: --trust FILE.pub");
}

}  // namespace gopack::pack
