#include "gopack/workflow/prove.hpp"
#include "gopack/release/releases.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gopack/base/error.hpp"
#include "gopack/store/trees.hpp"
#include "lay_out.hpp"

namespace gopack::workflow {

namespace {

using release::Platform;

// The archive in a file of the user's, which must be one that the tree was made from.
store::Staging stage_file(const Session& session, const tree::Manifest& manifest, const std::string& path) {
  auto file = File::open(path);
  const auto sha256 = digest::hash(file);
  const auto origin = std::find_if(manifest.origins.begin(), manifest.origins.end(),
                                   [&](const tree::Origin& candidate) { return candidate.sha256 == sha256; });
  if (origin == manifest.origins.end() || manifest.origins.size() > 1) {
    throw Error(ErrorKind::integrity,
                fmt::format("cannot prove anything against {}: the tree was made from {}", printable(path),
                            printable(manifest.origins.front().file)))
        .with_hint("expected SHA-256 " + manifest.origins.front().sha256.hex());
  }
  const store::Archive archive{.file = origin->file,
                               .version = release::Version::parse(manifest.release),
                               .platform = Platform::parse(origin->platform),
                               .is_module = origin->file.starts_with("v0.0.1-"),
                               .bytes = {},
                               .sha256 = sha256,
                               .source = {},
                               .verified_by = {}};
  auto staging = session.store.stage();
  lay_out_archive(session, archive, file, {archive.platform}, {staging.writer(), &staging.directory()});
  return staging;
}

// The targets asked for, else those of the tree, else this machine.
std::vector<Platform> targets_to_prove(const Tree& tree, const std::vector<std::string>& asked) {
  const auto words = asked.empty() ? tree.manifest.targets : release::split_commas(asked);
  std::vector<Platform> targets;
  for (const auto& word : words) {
    const auto target = word == "host" ? Platform::host() : Platform::try_parse(word);
    if (!target) throw Error(ErrorKind::usage, fmt::format("\"{}\" is not a target", printable(word)));
    targets.push_back(*target);
  }
  if (targets.empty()) targets.push_back(Platform::host());
  return targets;
}

}  // namespace

Proved prove(const Session& session, const ProveOptions& options) {
  const auto lock = session.store.lock(session.lock_patience, session.stop);
  auto tree = store::choose_tree(session.store, options.tree, session.reporter);
  auto staging = options.against == "full"
                     ? stage(session, archives_of(session.store, tree.manifest).archives)
                     : stage_file(session, tree.manifest, options.against);
  const auto work = staging.directory().ensure_dir("work");
  const auto& capabilities = tree.manifest.capabilities;
  const auto base = std::filesystem::absolute(session.store.path());
  const prove::Subject subject{
      .trimmed = base / tree.id.text(),
      .whole = std::filesystem::absolute(staging.directory().path()) / "tree",
      .version = tree.version(),
      .platforms = tree.platforms(),
      .capabilities = capabilities.empty() ? prove::provable_capabilities() : capabilities,
      .targets = targets_to_prove(tree, options.targets),
      .jobs = session.jobs};
  auto proof = prove::prove(subject, std::filesystem::absolute(work.path()), session.reporter, session.stop);
  session.store.trees().put_proof(tree.id, proof.to_json(tree.id.text(), tree.manifest.release));
  return {std::move(tree), std::move(proof)};
}

}  // namespace gopack::workflow
