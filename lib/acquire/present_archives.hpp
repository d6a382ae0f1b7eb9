// Archives that downloads/ has already. Private to acquire.
#pragma once

#include <map>
#include <utility>

#include "gopack/release/releases.hpp"
#include "gopack/store/downloads.hpp"

namespace gopack::acquire {

// As they were when it was made: their records are read once.
class PresentArchives {
 public:
  template <typename IsWanted>
  PresentArchives(const store::Downloads& downloads, IsWanted is_wanted) {
    for (auto& archive : downloads.list()) {
      if (is_wanted(archive)) archives_.try_emplace({archive.version, archive.platform}, archive);
    }
  }

  const store::Archive* find(const release::Version& version, const release::Platform& platform) const {
    const auto at = archives_.find({version, platform});
    return at == archives_.end() ? nullptr : &at->second;
  }

  release::Releases releases() const {
    release::Releases releases;
    for (const auto& [key, archive] : archives_) releases[key.first].insert(key.second);
    return releases;
  }

 private:
  std::map<std::pair<release::Version, release::Platform>, store::Archive> archives_;
};

}  // namespace gopack::acquire
