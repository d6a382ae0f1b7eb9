#include "gopack/workflow/make.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gopack/base/error.hpp"
#include "gopack/bundle/place.hpp"
#include "gopack/offline/modules.hpp"
#include "gopack/offline/warm.hpp"

namespace gopack::workflow {

namespace {

// Exactly what was fetched, whatever else the store has.
TrimOptions trim_options(const MakeOptions& options, const std::vector<acquire::Fetched>& fetched) {
  auto trim = options.trim;
  for (const auto& [archive, was_there] : fetched) trim.archives.push_back(archive);
  return trim;
}

// What is to be bundled for a tree: that one or, made from the same archives and more, one for more
// platforms.
const Tree& widest(const Trimmed& trimmed) {
  for (const auto& wider : trimmed.superseded_by) {
    const auto& origins = wider.manifest.origins;
    const bool has_all = std::all_of(
        trimmed.tree.manifest.origins.begin(), trimmed.tree.manifest.origins.end(), [&](const auto& own) {
          return std::any_of(origins.begin(), origins.end(), [&](const auto& origin) {
            return origin.file == own.file && origin.sha256 == own.sha256;
          });
        });
    if (has_all) return wider;
  }
  return trimmed.tree;
}

std::vector<Verified> verify_target(const Session& session, const std::filesystem::path& target) {
  const auto store = store::Store::open(target);
  const Means& means = session;
  auto verified = verify({means, store}, "");
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
  // Mistakes show before anything is downloaded.
  bundle::check_target(session.store, options.bundle.target);
  offline::check_projects(options.bundle.modules);
  offline::check_warm_flags(options.bundle.warm);
  auto fetched = fetch(session, options.fetch);
  auto trimmed = trim(session, trim_options(options, fetched));
  auto bundle_options = options.bundle;
  for (const auto& tree : trimmed) bundle_options.selectors.push_back(widest(tree).id.text());
  auto bundled = bundle(session, bundle_options);
  auto verified = verify_target(session, options.bundle.target);
  return {std::move(fetched), std::move(trimmed), std::move(bundled), std::move(verified)};
}

}  // namespace gopack::workflow
