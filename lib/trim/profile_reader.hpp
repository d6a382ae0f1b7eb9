// One profile file as it is written, before it is resolved for a release (docs/profiles.md).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gopack/release/version.hpp"
#include "gopack/trim/profile.hpp"
#include "mistake.hpp"

namespace gopack::trim {

struct PlacedText {
  std::string text;
  Position position;
};

// One of a parameter's values: that of the releases in `range`, or of all others.
struct ParameterValue {
  std::optional<release::VersionRange> range;
  std::vector<std::string> texts;
};

struct Parameter {
  std::string name;
  std::vector<ParameterValue> values;  // the first one in range holds; the last one has no range
};

struct WrittenRule {
  Action action = Action::keep;
  std::vector<PlacedText> patterns;
  std::string category;
  std::string reason;
  std::optional<release::VersionRange> range;
};

class CapabilityTable;

struct ProfileFile {
  std::string file;  // its name for people
  bool is_built_in = false;
  std::string name;
  std::string description;
  std::optional<PlacedText> extends;
  std::vector<PlacedText> capabilities;
  std::vector<PlacedText> targets;  // "linux/amd64", "host", "all"
  std::vector<Parameter> parameters;
  std::vector<WrittenRule> rules;
};

// Reads as much as it understands and adds a mistake for everything else.
ProfileFile read_profile_file(const std::string& text, const std::string& file, Mistakes& mistakes);

// The same for the table of capabilities.
CapabilityTable read_capability_table(const std::string& text, const std::string& file, Mistakes& mistakes);

}  // namespace gopack::trim
