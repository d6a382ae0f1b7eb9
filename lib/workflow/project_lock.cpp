#include "project_lock.hpp"

#include <fmt/format.h>

#include "gopack/base/error.hpp"
#include "gopack/release/releases.hpp"
#include "prover.hpp"

namespace gopack::workflow {

namespace {

using source::Offer;

// One that takes an archive for what it is.
Offer plain_offer(const store::Archive& archive) {
  return {{archive.file, archive.version, archive.platform, archive.bytes, {}},
          {},
          archive.is_module,
          archive.source,
          {}};
}

}  // namespace

void check_lock_file(const FetchOptions& options) {
  const bool is_used = options.update_lock || options.proof.required.contains(Proof::lock);
  if (!is_used || !options.lock_file.empty()) return;
  throw Error(ErrorKind::usage, "cannot use the lock file: there is no gopack.lock here or above")
      .with_hint("`gopack fetch SELECTOR… --lock gopack.lock` makes one");
}

ProjectLock::ProjectLock(const Session& session, const FetchOptions& options)
    : session_(session), options_(options) {
  if (!options.lock_file.empty() && !options.update_lock) proof_.emplace(options.lock_file);
}

bool ProjectLock::is_required() const {
  return proof_ && options_.proof.required.contains(Proof::lock);
}

bool ProjectLock::admits(const store::Archive& archive) const {
  return !is_required() || proof_->find(archive.file) != nullptr;
}

std::vector<release::Selector> ProjectLock::pinned(const std::vector<release::Selector>& selectors,
                                                   const release::PlatformChoice& platforms) const {
  release::Releases locked;
  for (const auto& archive : proof_->archives()) locked[archive.version].insert(archive.platform);
  try {
    std::vector<release::Selector> exact;
    const auto versions = in_context(fmt::format("choosing among what {} names", proof_->name()), [&] {
      return release::resolve_all(selectors, release::versions_for(locked, platforms), options_.which);
    });
    for (const auto& version : versions) exact.push_back(release::Selector::parse(version.name()));
    return exact;
  } catch (const Error& error) {
    throw Error(ErrorKind::integrity, error.text())
        .with_hint("add the release with --update-lock, or do not require the lock file");
  }
}

std::optional<Offer> ProjectLock::offer_of(const store::Archive& archive) const {
  const auto& locked = *proof_->find(archive.file);
  auto offer = plain_offer(archive);
  if (archive.sha256 == locked.sha256) {
    offer.file.sha256 = locked.sha256;
    offer.verified_by = locked.proof();
  } else if (!archive.is_module) {
    session_.reporter.warning(fmt::format("{} in the store is not the one that {} names: its SHA-256 is {}",
                                          archive.file, proof_->name(), archive.sha256.hex()));
    return std::nullopt;
  }
  return offer;
}

void ProjectLock::record(const std::vector<Fetched>& fetched) const {
  if (options_.lock_file.empty()) return;
  release::LockFile file(options_.lock_file);  // anew: downloads may have taken a while
  bool is_changed = false;
  for (const auto& [archive, was_there] : fetched) {
    const auto* locked = file.find(archive.file);
    if (locked && (!options_.update_lock || locked->sha256 == archive.sha256)) continue;
    file.put(to_locked(archive));
    session_.reporter.note(fmt::format("{}: {}", file.name(), archive.file));
    is_changed = true;
  }
  if (is_changed) file.save(session_.store.durable());
}

release::LockedArchive ProjectLock::to_locked(const store::Archive& archive) const {
  release::LockedArchive locked{archive.file,       archive.version, archive.platform,
                                archive.bytes,      archive.sha256,  {},
                                archive.verified_by};
  if (archive.is_module) {
    auto file = session_.store.downloads().open_proved(archive);
    locked.h1 = module_hash(session_, plain_offer(archive), file);
  }
  return locked;
}

}  // namespace gopack::workflow
