#include "capability_table.hpp"

#include <algorithm>

#include "gopack/base/embedded.hpp"
#include "gopack/base/error.hpp"

namespace gopack::trim {

// profiles/capabilities.yaml, compiled in.
std::span<const EmbeddedFile> capability_table_file();

std::string CapabilityTable::text() {
  return std::string(capability_table_file().front().text);
}

const CapabilityTable& CapabilityTable::built_in() {
  static const CapabilityTable kTable = [] {
    const auto& file = capability_table_file().front();
    Mistakes mistakes;
    auto table = read_capability_table(std::string(file.text), std::string(file.name), mistakes);
    if (!mistakes.empty()) throw Error(ErrorKind::failed, mistakes.front().text());
    return table;
  }();
  return kTable;
}

const Capability* CapabilityTable::find(std::string_view name) const {
  const auto found = std::find_if(capabilities_.begin(), capabilities_.end(),
                                  [&](const Capability& capability) { return capability.name == name; });
  return found == capabilities_.end() ? nullptr : &*found;
}

std::vector<const Capability*> CapabilityTable::closure(const std::set<std::string>& names,
                                                        const release::Version& version) const {
  auto wanted = names;
  for (std::size_t before = 0; before != wanted.size();) {
    before = wanted.size();
    for (const auto& capability : capabilities_) {
      if (wanted.contains(capability.name)) wanted.insert(capability.needs.begin(), capability.needs.end());
    }
  }
  std::vector<const Capability*> closure;
  for (const auto& capability : capabilities_) {
    const bool is_there = !capability.range || capability.range->contains(version);
    if (is_there && wanted.contains(capability.name)) closure.push_back(&capability);
  }
  return closure;
}

}  // namespace gopack::trim
