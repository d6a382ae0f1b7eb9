#include "mismatches.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace gopack::workflow {

void Mismatches::add(const release::Version& version, const trim::Profile& profile,
                     const trim::Filter& filter) {
  const std::lock_guard lock(mutex_);
  const auto& unmatched = filter.unmatched_rules();
  for (const auto& rule : profile.own_rules()) {
    const auto* action = rule.action == trim::Action::keep ? "keep" : "drop";
    auto& use = rules_[{rule.location.file, rule.location.line,
                        fmt::format("{} \"{}\"", action, rule.pattern.text())}];
    use.has_matched |= std::find(unmatched.begin(), unmatched.end(), &rule) == unmatched.end();
    use.releases.insert(version.name());
  }
  for (const auto& target : filter.targets_without_port()) targets_[target].insert(version.name());
}

std::vector<std::string> Mismatches::lines() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> lines;
  const auto join = [](const std::set<std::string>& names) {
    return fmt::format("{}", fmt::join(names, ", "));
  };
  for (const auto& [key, use] : rules_) {
    const auto& [file, line, rule] = key;
    if (!use.has_matched)
      lines.push_back(fmt::format("{}:{}: {} matches no file of {}", file, line, rule, join(use.releases)));
  }
  for (const auto& [target, releases] : targets_)
    lines.push_back(fmt::format("{} cannot build for the target {}", join(releases), target.text()));
  return lines;
}

}  // namespace gopack::workflow
