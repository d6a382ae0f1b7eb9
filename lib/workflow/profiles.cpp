#include "profiles.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "gopack/base/similar.hpp"
#include "gopack/trim/profile.hpp"

namespace gopack::workflow {

Error no_tree_of_profile(const store::Store& store, const std::string& profile,
                         std::vector<std::string> profiles) {
  const auto built_in = trim::built_in_profiles();
  const auto base = profile.substr(0, profile.find('+'));
  const bool is_built_in =
      std::any_of(built_in.begin(), built_in.end(), [&](const auto& one) { return one.name == base; });
  Error error(is_built_in ? ErrorKind::failed : ErrorKind::usage,
              fmt::format("there is no tree of the profile \"{}\"", printable(profile)));
  if (is_built_in)
    return error.with_hint(fmt::format("lay one out first: {}", store.command("trim --profile " + profile)));
  std::sort(profiles.begin(), profiles.end());
  profiles.erase(std::unique(profiles.begin(), profiles.end()), profiles.end());
  auto names = profiles;
  for (const auto& one : built_in) names.push_back(one.name);
  return error.with_hint(did_you_mean(
      profile, names, fmt::format("there are trees of the profiles {}", fmt::join(profiles, ", "))));
}

}  // namespace gopack::workflow
