// The newest release of each minor that a source was seen to offer, for each platform, so that an old index
// in a new one's place is noticed. Kept as .gopack/newest.json; used under the store's lock. Private to
// acquire.
#pragma once

#include <map>
#include <string>

#include "gopack/base/report.hpp"
#include "gopack/release/releases.hpp"
#include "gopack/store/store.hpp"

namespace gopack::acquire {

class NewestSeen {
 public:
  // A file that cannot be understood counts as none, with a warning. `store` outlives this object.
  NewestSeen(const store::Store& store, Reporter& reporter);

  release::Releases of(const std::string& source) const;
  // Remembers what `source` offers now as well, or in place of what is remembered. Pre-releases are not.
  void put(const std::string& source, const release::Releases& offered, bool in_place);

 private:
  void save() const;

  const store::Store& store_;
  std::map<std::string, release::Releases> seen_;  // by source
};

}  // namespace gopack::acquire
