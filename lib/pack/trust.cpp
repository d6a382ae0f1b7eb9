#include "gopack/pack/trust.hpp"

#include "gopack/base/error.hpp"

namespace gopack::pack {

std::string require_trusted(std::string_view manifest, const std::optional<std::string>& signature,
                            const Trust& trust) {
  if (signature && !trust.keys.empty()) return digest::open_signature(manifest, *signature, trust.keys);
  if (trust.allow_unsigned) return {};
  if (!signature) {
    throw Error(ErrorKind::integrity, "nobody has signed it")
        .with_hint("--allow-unsigned takes it all the same");
  }
  throw Error(ErrorKind::integrity, "it is signed, and no key is trusted")
      .with_hint("name the publisher's public key: --trust FILE.pub");
}

}  // namespace gopack::pack
