// Trim profiles: YAML files that say what an SDK must still do, for which targets, and which files of a
// release are kept besides (docs/profiles.md).
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gopack/digest/sha256.hpp"
#include "gopack/release/version.hpp"
#include "gopack/trim/build_targets.hpp"
#include "gopack/trim/glob.hpp"

namespace gopack::trim {

struct ProfileFile;
struct Mistake;

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
  // Of a rule that follows from the profile's capabilities: those it serves, or, when it drops, those that
  // would keep the file ("cgo, race"); empty when there are none.
  std::string capabilities;
};

// A profile resolved for one release: parents first, rules outside their Go version range left out,
// parameters put in. The last rule that matches a file decides. Where the profile and its parents declare
// capabilities, the rules that follow from them come before all others. A file that no rule matches is kept.
class Profile {
 public:
  // `name` is a built-in profile's name, or a path when it ends in .yaml or .yml or holds a slash; more
  // capabilities may follow: "minimal+race+cover". Throws Error (usage) with file, line and column of the
  // mistake.
  static Profile load(std::string_view name, const release::Version& version);
  // What a manifest tells of a profile that is not at hand: the rules that follow from its capabilities
  // alone.
  static Profile recorded(std::string_view name, const std::vector<std::string>& capabilities,
                          const release::Version& version);

  const std::string& name() const { return name_; }
  const std::string& description() const { return description_; }
  const std::vector<Rule>& rules() const { return rules_; }
  // Those of them that are written in the user's files; they come last.
  std::span<const Rule> own_rules() const { return std::span(rules_).subspan(own_); }
  // Those declared and all that they need; empty for a profile of rules alone.
  const std::vector<std::string>& capabilities() const { return capabilities_; }
  // Where a capability is declared ("minimal.yaml:4"); empty when another one needs it, or it was added to
  // the name.
  std::string declaration(std::string_view capability) const;
  // What the SDK is to build for: the declared targets or, where `instead` is not empty, those ("host",
  // "all", GOOS/GOARCH), and always `hosts`, the platforms it runs on. Nothing for a profile without
  // capabilities and targets. Throws Error (usage).
  std::optional<BuildTargets> build_targets(const std::vector<release::Platform>& hosts,
                                            const std::vector<std::string>& instead) const;
  // The rule that decides; null when none matches.
  const Rule* decide(std::string_view path) const;
  // The same among the rules that follow from the capabilities.
  const Rule* need(std::string_view path) const;
  // Whether the rule, one of this profile's, is among them.
  bool is_need(const Rule& rule) const;
  // Of everything that decides what is kept: actions and patterns in order.
  digest::Sha256 sha256() const;

 private:
  void declare(const std::vector<ProfileFile>& chain, const std::vector<std::string>& added,
               std::vector<Mistake>& mistakes);
  void serve(const std::set<std::string>& declared, std::vector<Mistake>& mistakes);
  void append(std::vector<Rule> rules);

  std::string name_;
  std::string description_;
  release::Version version_;
  std::vector<std::string> capabilities_;
  std::map<std::string, Location, std::less<>> declarations_;
  std::vector<std::string> targets_;
  std::set<std::string, std::less<>> tags_off_;  // build tags of capabilities that it does not have
  std::size_t needs_ = 0;  // how many of rules_ follow from the capabilities; they come first
  std::size_t own_ = 0;    // where those of the user's files begin
  std::vector<Rule> rules_;
};

// What a profile may declare, in the order of the table.
struct CapabilityInfo {
  std::string name;
  std::string description;
};
std::vector<CapabilityInfo> known_capabilities();

// The built-in profiles, sorted by name.
struct ProfileInfo {
  std::string name;
  std::string description;
};
std::vector<ProfileInfo> built_in_profiles();
// The YAML text of a built-in or user profile; "capabilities": of the table that the built-in ones stand on.
std::string profile_text(std::string_view name);
// Reads the whole file and what it extends for every Go version and reports each mistake, one a line
// ("FILE:LINE:COLUMN: what is wrong"); empty when it is fine.
std::vector<std::string> check_profile(const std::filesystem::path& file);

}  // namespace gopack::trim
