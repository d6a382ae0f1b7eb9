#include "release_choice.hpp"

#include <algorithm>
#include <set>
#include <tuple>

namespace gopack::acquire {

using release::Releases;
using release::Version;
using source::Offer;

Releases releases_of(const std::vector<Offer>& offers) {
  Releases releases;
  for (const auto& offer : offers) releases[offer.file.version].insert(offer.file.platform);
  return releases;
}

std::vector<Version> ReleaseChoice::choose(const Releases& offered) const {
  return release::resolve_all(selectors, release::versions_for(offered, platforms), which);
}

std::optional<Version> ReleaseChoice::find_lost(const Releases& offered, const Releases& seen) const {
  const auto chosen = choose(offered);
  for (const auto& version : choose(release::merged(offered, seen))) {
    if (std::find(chosen.begin(), chosen.end(), version) == chosen.end()) return version;
  }
  return std::nullopt;
}

std::map<std::string, std::vector<std::string>> ReleaseChoice::left_out(const Releases& offered) const {
  std::map<std::string, std::vector<std::string>> left_out;
  for (const auto& version : release::resolve_all(selectors, release::versions_for(offered, {}), which)) {
    auto lacking = platforms.named;
    std::erase_if(lacking, [&](const auto& platform) { return offered.at(version).contains(platform); });
    if (!lacking.empty()) left_out[release::join(lacking)].push_back(version.name());
  }
  return left_out;
}

std::vector<Offer> ReleaseChoice::pick(const std::vector<Offer>& offers,
                                       const std::vector<Version>& versions) const {
  const std::set<Version> chosen(versions.begin(), versions.end());
  std::vector<Offer> picked;
  for (const auto& offer : offers) {
    if (chosen.contains(offer.file.version) && platforms.contains(offer.file.platform))
      picked.push_back(offer);
  }
  std::sort(picked.begin(), picked.end(), [](const Offer& a, const Offer& b) {
    return std::tie(a.file.version, a.file.platform) < std::tie(b.file.version, b.file.platform);
  });
  return picked;
}

bool ReleaseChoice::is_outdated_by(std::chrono::seconds index_age) const {
  constexpr std::chrono::days kOldIndex{90};  // Go has had releases every month for years
  const bool is_chosen_from =
      std::any_of(selectors.begin(), selectors.end(), [](const auto& selector) { return !selector.exact(); });
  return is_chosen_from && std::chrono::floor<std::chrono::days>(index_age) > kOldIndex;
}

}  // namespace gopack::acquire
