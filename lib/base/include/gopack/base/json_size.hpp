// Counts of bytes in JSON that anybody may have written.
#pragma once

#include <cstdint>
#include <optional>

namespace gopack {

// More than any file of a release has, and no sum of them overflows.
inline constexpr std::uint64_t kLargestFile = 1ull << 40;

// What `json`, any of nlohmann's kinds, says; nothing when it is no whole number or larger than that.
template <typename Json>
std::optional<std::uint64_t> find_size(const Json& json) {
  if (!json.is_number_unsigned() || json > kLargestFile) return std::nullopt;
  return json.template get<std::uint64_t>();
}

}  // namespace gopack
