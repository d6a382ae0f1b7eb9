// Which releases a user's words mean among what a source has. Pure; safe for concurrent use. Private to
// acquire.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gopack/release/releases.hpp"
#include "gopack/release/selector.hpp"
#include "gopack/source/source.hpp"

namespace gopack::acquire {

release::Releases releases_of(const std::vector<source::Offer>& offers);

struct ReleaseChoice {
  std::vector<release::Selector> selectors;
  release::PlatformChoice platforms;
  release::SelectorOptions which;

  // What the selectors choose among `offered`, for every platform. Throws Error: usage, unreachable (nothing
  // matches).
  std::vector<release::Version> choose(const release::Releases& offered) const;
  // A release that they choose among `offered` and `seen` together, and not among `offered` alone: the source
  // had it.
  std::optional<release::Version> find_lost(const release::Releases& offered,
                                            const release::Releases& seen) const;
  // What they mean as well and a platform lacks: names of releases by the platforms, "linux/386,
  // windows/386".
  std::map<std::string, std::vector<std::string>> left_out(const release::Releases& offered) const;
  // The archives of `versions` for the platforms, sorted by version and platform.
  std::vector<source::Offer> pick(const std::vector<source::Offer>& offers,
                                  const std::vector<release::Version>& versions) const;
  // Whether an index that has not changed for so long may lack what they mean.
  bool is_outdated_by(std::chrono::seconds index_age) const;
};

}  // namespace gopack::acquire
