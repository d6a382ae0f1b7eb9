// What a user's profile says and releases do not have, told once for all of them. Private to workflow.
#pragma once

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "gopack/release/version.hpp"
#include "gopack/trim/filter.hpp"

namespace gopack::workflow {

// Safe for concurrent use.
class Mismatches {
 public:
  // After all files of the release have gone through the filter; once more where they had to come again.
  void add(const release::Version& version, const trim::Profile& profile, const trim::Filter& filter);

  // A rule is named where it matches no file of any release to which it applies, a target with the releases
  // that do not build for it.
  std::vector<std::string> lines() const;

 private:
  struct Use {
    bool has_matched = false;
    std::set<std::string> releases;  // that it applies to
  };
  using RuleKey = std::tuple<std::string, int, std::string>;  // file, line, "drop \"src/foo/\""

  mutable std::mutex mutex_;
  std::map<RuleKey, Use> rules_;
  std::map<release::Platform, std::set<std::string>> targets_;
};

}  // namespace gopack::workflow
