// Names in a store's directory (docs/formats.md). Private to store.
#pragma once

#include <cstdint>
#include <string>

#include "gopack/tree/manifest.hpp"

namespace gopack::store {

inline constexpr const char* kState = ".gopack";
inline constexpr const char* kStaging = "staging";
inline constexpr const char* kIncoming = "incoming";
inline constexpr const char* kDownloads = "downloads";
inline constexpr const char* kRemoved = ".removed";
inline constexpr std::uint64_t kMaxManifest = 256ull << 20;

inline std::string manifest_name(const tree::StoreId& id) {
  return id.text() + ".json";
}

inline std::string proof_name(const tree::StoreId& id) {
  return id.text() + ".proof.json";
}

// The manifest of a tree that is being removed.
inline std::string removed_name(const tree::StoreId& id) {
  return id.text() + kRemoved;
}

}  // namespace gopack::store
