// profiles/capabilities.yaml: what each capability of an SDK needs.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "profile_reader.hpp"

namespace gopack::trim {

struct Capability {
  std::string name;
  std::string description;
  std::vector<std::string> needs;    // other capabilities
  std::vector<std::string> tags;     // build tags that its builds set; others do not
  std::vector<std::string> targets;  // that it adds to the profile's
  std::optional<release::VersionRange> range;
};

// Files that are there for some capabilities; for none when `capabilities` is empty.
struct Requirement {
  WrittenRule files;  // its action is of no account
  std::vector<std::string> capabilities;
};

class CapabilityTable {
 public:
  // The one compiled in.
  static const CapabilityTable& built_in();

  CapabilityTable(std::vector<Capability> capabilities, std::vector<Requirement> requirements)
      : capabilities_(std::move(capabilities)), requirements_(std::move(requirements)) {}

  static std::string text();  // of the built-in one, as YAML
  const std::vector<Capability>& capabilities() const { return capabilities_; }
  const std::vector<Requirement>& requirements() const { return requirements_; }
  const Capability* find(std::string_view name) const;
  // `names` and all that they need, in the table's order; without those that `version` does not have.
  std::vector<const Capability*> closure(const std::set<std::string>& names,
                                         const release::Version& version) const;

 private:
  std::vector<Capability> capabilities_;
  std::vector<Requirement> requirements_;
};

}  // namespace gopack::trim
