#include <fmt/format.h>

#include "gopack/base/error.hpp"
#include "gopack/workflow/trim.hpp"
#include "lay_out.hpp"
#include "mismatches.hpp"

namespace gopack::workflow {

namespace {

Explanation to_explanation(const release::Version& version, const trim::Rule* rule) {
  if (rule != nullptr) {
    return {version.name(), rule->action,       rule->pattern.text(), rule->location.text(),
            rule->category, rule->capabilities, rule->reason};
  }
  return {.release = version.name(),
          .action = trim::Action::keep,
          .rule = {},
          .location = {},
          .category = "sdk",
          .capabilities = {},
          .reason = "no rule of the profile matches it"};
}

}  // namespace

std::vector<std::string> find_mismatches(const Session& session, const std::string& profile,
                                         const std::string& selector) {
  const auto release = find_release(session.store, selector, {});
  const auto resolved = resolve_profile(release, profile, {});
  NullSink nowhere;
  trim::Filter filter(resolved.profile, resolved.targets, nowhere);
  lay_out(session, release.archives, {filter});
  Mismatches mismatches;
  mismatches.add(release.version, resolved.profile, filter);
  return mismatches.lines();
}

std::vector<Explanation> explain(const Session& session, const TrimOptions& options,
                                 const std::string& path) {
  std::vector<Explanation> explanations;
  for (const auto& release : find_releases(session.store, options.selectors, options.platforms)) {
    const auto resolved = resolve_profile(release, options.profile, options.targets);
    NullSink nowhere;
    trim::Filter filter(resolved.profile, resolved.targets, nowhere);
    filter.on_decision([&](const tree::Entry& entry, const trim::Rule* rule) {
      if (entry.path.text() == path) explanations.push_back(to_explanation(release.version, rule));
    });
    lay_out(session, release.archives, {filter});
  }
  if (!explanations.empty()) return explanations;
  throw Error(ErrorKind::usage, fmt::format("there is no file {} in these releases", printable(path)))
      .with_hint("name a file below the SDK's root, such as src/net/http/server.go");
}

}  // namespace gopack::workflow
