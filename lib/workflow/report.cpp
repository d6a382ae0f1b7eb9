#include "gopack/workflow/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "gopack/base/error.hpp"
#include "gopack/store/catalog.hpp"
#include "gopack/trim/filter.hpp"
#include "lay_out.hpp"

namespace gopack::workflow {

namespace {

using trim::Action;

trim::Rule past_rule(Action action, const std::string& profile) {
  return {.action = action,
          .pattern = trim::Glob("**"),
          .category = "own rules",
          .reason = fmt::format("the profile {}, as it was when the tree was made, has it so", profile),
          .location = {},
          .capabilities = {}};
}

// The profile's name without capabilities that were added to it.
std::string base_name(const std::string& name) {
  return name.substr(0, name.find('+'));
}

// The built-in profile that the tree was made with; nothing where it is the user's own, or has changed.
std::optional<trim::Profile> find_built_in(const release::Version& version, const tree::Manifest& manifest) {
  const auto profiles = trim::built_in_profiles();
  const bool is_name = std::any_of(profiles.begin(), profiles.end(), [&](const auto& profile) {
    return profile.name == base_name(manifest.profile);
  });
  if (!is_name) return std::nullopt;
  try {
    auto profile = trim::Profile::load(manifest.profile, version);
    if (profile.sha256() == manifest.profile_sha256) return profile;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::usage) throw;  // it has a capability that no longer exists
  }
  return std::nullopt;
}

// The file's profile with what was added to it for the tree; nothing where the tree has another profile.
std::optional<trim::Profile> find_in_file(const std::string& file, const release::Version& version,
                                          const tree::Manifest& manifest) {
  if (file.empty()) return std::nullopt;
  auto profile = trim::Profile::load(file, version);
  const auto& name = profile.name();
  if (manifest.profile == name) return profile;
  if (!manifest.profile.starts_with(name + "+")) return std::nullopt;
  return trim::Profile::load(file + manifest.profile.substr(name.size()), version);
}

// What the tree was laid out for; a manifest without targets says that it was for all.
std::optional<trim::BuildTargets> targets_then(const trim::Profile& profile, const tree::Manifest& manifest) {
  if (manifest.targets.empty())
    return profile.build_targets(
        {}, manifest.capabilities.empty() ? std::vector<std::string>() : std::vector<std::string>{"all"});
  std::vector<release::Platform> targets;
  for (const auto& text : manifest.targets) {
    if (const auto target = release::Platform::try_parse(text)) targets.push_back(*target);
  }
  return profile.build_targets(targets, {"host"});
}

trim::Report report_on(const Session& session, const Tree& tree, const trim::Profile& profile) {
  const auto& manifest = tree.manifest;
  const auto release = archives_of(session.store, manifest);
  const auto kept = past_rule(Action::keep, manifest.profile);
  const auto dropped = past_rule(Action::drop, manifest.profile);
  trim::ReportCollector collector(report_head(manifest));
  NullSink nowhere;
  trim::Filter filter(profile, targets_then(profile, manifest), nowhere);
  if (manifest.stripped) filter.strip_programs();
  filter.on_decision([&](const tree::Entry& entry, const trim::Rule* rule) {
    const auto was = manifest.find(entry.path.text()) == nullptr ? Action::drop : Action::keep;
    const auto is = rule == nullptr ? Action::keep : rule->action;
    collector.add(entry, was == is ? rule : was == Action::keep ? &kept : &dropped);
  });
  lay_out(session, release.archives, {filter});
  return std::move(collector).take();
}

// Where all trees are wanted, those whose archives are gone are left out.
bool can_report(const Session& session, const Tree& tree, bool is_named) {
  try {
    archives_of(session.store, tree.manifest);
    return true;
  } catch (const Error& error) {
    if (is_named || error.kind() != ErrorKind::failed) throw;
    session.reporter.warning(fmt::format("left out: {}", error.text()), error.hint());
    return false;
  }
}

}  // namespace

std::vector<trim::Report> report(const Session& session, const ReportOptions& options) {
  std::vector<trim::Report> reports;
  bool is_file_used = false;
  for (const auto& tree : store::choose_trees(session.store, options.trees, session.reporter)) {
    const auto& manifest = tree.manifest;
    if (!can_report(session, tree, !options.trees.empty())) continue;
    const auto version = tree.version();
    auto profile = find_in_file(options.profile, version, manifest);
    is_file_used = is_file_used || profile;
    if (!profile) profile = find_built_in(version, manifest);
    if (!profile) profile = trim::Profile::recorded(manifest.profile, manifest.capabilities, version);
    reports.push_back(report_on(session, tree, *profile));
  }
  if (options.profile.empty() || is_file_used) return reports;
  throw Error(ErrorKind::usage,
              fmt::format("cannot report by {}: none of these trees was made with its profile",
                          printable(options.profile)))
      .with_hint(fmt::format("{} shows the profile of each tree", session.store.command("list")));
}

}  // namespace gopack::workflow
