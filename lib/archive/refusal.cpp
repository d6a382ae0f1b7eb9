#include "refusal.hpp"

#include <fmt/format.h>

#include "gopack/base/error.hpp"

namespace gopack::archive {

namespace {

constexpr const char* kHint = "get the archive again, from a source you trust, and check its digest";

}  // namespace

void refuse_archive(std::string_view rule) {
  throw Error(ErrorKind::unsafe, fmt::format("cannot accept the archive: {}", rule)).with_hint(kHint);
}

void refuse_entry(EntryName entry, std::string_view rule) {
  throw Error(ErrorKind::unsafe,
              fmt::format("cannot accept the archive's entry \"{}\": {}", printable(entry.text), rule))
      .with_hint(kHint);
}

}  // namespace gopack::archive
