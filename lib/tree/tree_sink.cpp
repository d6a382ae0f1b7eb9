#include "gopack/tree/tree_sink.hpp"

namespace gopack::tree {

digest::Sha256 digest_of(const Entry& entry, ByteSource& content) {
  if (entry.sha256 != nullptr && *entry.sha256) return **entry.sha256;
  digest::Hasher hasher;
  copy(content, hasher);
  return hasher.finish();
}

}  // namespace gopack::tree
