// Trim profiles: YAML files of ordered rules that say which files of a release are kept (docs/profiles.md).
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gopack/digest/sha256.hpp"
#include "gopack/release/version.hpp"
#include "gopack/trim/glob.hpp"

namespace gopack::trim {

enum class Action { keep, drop };

// Where a rule stands, for people: "minimal.yaml:12".
struct Location {
  std::string file;
  int line = 0;  // from 1
  std::string text() const;
};

// One rule of a profile, as it applies to one release.
struct Rule {
  Action action = Action::keep;
  Glob pattern;
  std::string category;  // "tests", "documentation", …: a row of the table
  std::string reason;
  Location location;
};

// A profile resolved for one release: parents first, rules outside their Go version range left out,
// parameters put in. The last rule that matches a file decides; a file that no rule matches is kept.
class Profile {
 public:
  // `name` is a built-in profile's name, or a path when it holds a slash or ends in .yaml or .yml.
  // Throws Error (usage) with file, line and column of the mistake.
  static Profile load(std::string_view name, const release::Version& version);

  const std::string& name() const { return name_; }
  const std::string& description() const { return description_; }
  const std::vector<Rule>& rules() const { return rules_; }
  // The rule that decides; null when none matches.
  const Rule* decide(std::string_view path) const;
  // Of everything that decides what is kept: actions and patterns in order.
  digest::Sha256 sha256() const;

 private:
  std::string name_;
  std::string description_;
  std::vector<Rule> rules_;
};

// The built-in profiles, sorted by name.
struct ProfileInfo {
  std::string name;
  std::string description;
};
std::vector<ProfileInfo> built_in_profiles();
// The YAML text of a built-in or user profile.
std::string profile_text(std::string_view name);
// Reads the whole file and what it extends for every Go version and reports each mistake, one a line
// ("FILE:LINE:COLUMN: what is wrong"); empty when it is fine.
std::vector<std::string> check_profile(const std::filesystem::path& file);

}  // namespace gopack::trim
