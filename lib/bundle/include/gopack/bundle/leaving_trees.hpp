// Trees that leave a bundle when others take their place.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "gopack/base/report.hpp"
#include "gopack/store/catalog.hpp"

namespace gopack::bundle {

// The published trees of `target` that are not among `trees`.
std::vector<tree::StoreId> others(const store::Store& target, const std::vector<store::Tree>& trees);

// The right to remove trees, from before the bundle starts another one until they are gone. Not thread-safe.
class LeavingTrees {
 public:
  // Throws Error (busy) while a command is running in one of them. `target` outlives this object.
  LeavingTrees(const store::Store& target, const std::vector<tree::StoreId>& ids);

  bool empty() const { return claims_.empty(); }
  // Returns how many files they had. Throws Error.
  std::uint64_t remove(const Run& run) const;

 private:
  const store::Store& target_;
  std::map<tree::StoreId, store::Lock> claims_;
};

}  // namespace gopack::bundle
