#include "gopack/workflow/make.hpp"

#include <fmt/format.h>

#include <set>

#include "gopack/base/error.hpp"

namespace gopack::workflow {

namespace {

// Exactly what was fetched, whatever else the store has.
TrimOptions trim_options(const MakeOptions& options, const std::vector<acquire::Fetched>& fetched) {
  std::set<std::string> releases;
  std::set<std::string> platforms;
  for (const auto& [archive, was_there] : fetched) {
    releases.insert(archive.version.name());
    platforms.insert(archive.platform.text());
  }
  auto trim = options.trim;
  trim.selectors.assign(releases.begin(), releases.end());
  trim.platforms.assign(platforms.begin(), platforms.end());
  return trim;
}

std::vector<Verified> verify_target(const Session& session, const std::filesystem::path& target) {
  const auto store = store::Store::open(target);
  auto verified = verify({.store = store,
                          .transport = session.transport,
                          .reporter = session.reporter,
                          .stop = session.stop,
                          .jobs = session.jobs,
                          .lock_patience = session.lock_patience,
                          .official = session.official,
                          .limits = session.limits},
                         "");
  for (const auto& part : verified) {
    if (part.problems.empty()) continue;
    throw Error(ErrorKind::integrity, fmt::format("{} is not as it should be: {} in {} is {}",
                                                  printable(target), printable(part.problems.front().path),
                                                  part.name, store::to_string(part.problems.front().kind)))
        .with_hint(fmt::format("run `gopack verify {0}` for all of it, `gopack repair {0}` to restore it",
                               printable(target)));
  }
  return verified;
}

}  // namespace

Made make(const Session& session, const MakeOptions& options) {
  auto fetched = fetch(session, options.fetch);
  auto trimmed = trim(session, trim_options(options, fetched));
  auto bundle_options = options.bundle;
  for (const auto& tree : trimmed) bundle_options.selectors.push_back(tree.tree.id.text());
  auto bundled = bundle(session, bundle_options);
  auto verified = verify_target(session, options.bundle.target);
  return {std::move(fetched), std::move(trimmed), std::move(bundled), std::move(verified)};
}

}  // namespace gopack::workflow
