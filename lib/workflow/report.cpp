#include "gopack/workflow/report.hpp"

#include "gopack/trim/filter.hpp"
#include "gopack/workflow/choose.hpp"
#include "lay_out.hpp"

namespace gopack::workflow {

namespace {

using trim::Action;

trim::Rule past_rule(Action action) {
  return {.action = action,
          .pattern = trim::Glob("**"),
          .category = "earlier profile",
          .reason = "the profile was another one when the tree was made",
          .location = {},
          .capabilities = {}};
}

// What the tree was laid out for; a manifest without targets says that it was for all.
std::vector<std::string> targets_then(const tree::Manifest& manifest) {
  if (manifest.targets.empty() && !manifest.capabilities.empty()) return {"all"};
  return manifest.targets;
}

trim::Report report_on(const Session& session, const Tree& tree, const std::string& profile) {
  const auto& manifest = tree.manifest;
  const auto plan = plan_of(session, manifest);
  const auto purpose = purpose_of(plan, profile.empty() ? manifest.profile : profile, targets_then(manifest));
  const auto kept = past_rule(Action::keep);
  const auto dropped = past_rule(Action::drop);
  trim::ReportCollector collector(report_head(manifest));
  NullSink nowhere;
  trim::Filter filter(purpose.profile, purpose.targets, nowhere);
  if (manifest.stripped) filter.strip_programs();
  filter.on_decision([&](const tree::Entry& entry, const trim::Rule* rule) {
    const auto was = manifest.find(entry.path.text()) == nullptr ? Action::drop : Action::keep;
    const auto is = rule == nullptr ? Action::keep : rule->action;
    collector.add(entry, was == is ? rule : was == Action::keep ? &kept : &dropped);
  });
  lay_out(session, plan.archives, filter);
  return std::move(collector).take();
}

}  // namespace

std::vector<trim::Report> report(const Session& session, const ReportOptions& options) {
  std::vector<trim::Report> reports;
  for (const auto& tree : choose_trees(session.store, options.trees, session.reporter))
    reports.push_back(report_on(session, tree, options.profile));
  return reports;
}

}  // namespace gopack::workflow
