#include "project_lock.hpp"

#include <fmt/format.h>

#include "archive_verifier.hpp"
#include "gopack/base/error.hpp"
#include "gopack/base/shell_word.hpp"
#include "gopack/release/releases.hpp"

namespace gopack::acquire {

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

void check_lock_file(const Request& request) {
  const bool is_used = request.update_lock || request.evidence.required.contains(Evidence::lock);
  if (!is_used) return;
  if (request.lock_file.empty()) {
    throw Error(ErrorKind::usage, "cannot use the lock file: there is no gopack.lock here or above")
        .with_hint("`gopack fetch SELECTOR… --lock gopack.lock` makes one");
  }
  std::error_code ignored;
  if (request.update_lock || std::filesystem::exists(request.lock_file, ignored)) return;
  throw Error(ErrorKind::usage, fmt::format("there is no lock file {}", printable(request.lock_file)))
      .with_hint(
          fmt::format("`gopack fetch SELECTOR… --lock {}` makes it", shell_word(request.lock_file.string())));
}

ProjectLock::ProjectLock(const Context& context, const Request& request)
    : context_(context), request_(request) {
  if (!request.lock_file.empty() && !request.update_lock) proof_.emplace(request.lock_file);
}

const release::LockFile* ProjectLock::required() const {
  return request_.evidence.required.contains(Evidence::lock) ? proof() : nullptr;
}

bool ProjectLock::admits(const store::Archive& archive) const {
  const auto* file = required();
  return file == nullptr || file->find(archive.file) != nullptr;
}

std::vector<release::Selector> ProjectLock::pinned(const ReleaseChoice& choice) const {
  const auto* file = required();
  if (file == nullptr) return choice.selectors;
  release::Releases locked;
  for (const auto& archive : file->archives()) locked[archive.version].insert(archive.platform);
  try {
    std::vector<release::Selector> exact;
    const auto versions = in_context(fmt::format("choosing among what {} names", file->name()),
                                     [&] { return choice.choose(locked); });
    for (const auto& version : versions) exact.push_back(release::Selector::parse(version.name()));
    return exact;
  } catch (const Error& error) {
    throw Error(ErrorKind::integrity, error.text())
        .with_hint(
            "add the release with `gopack fetch SELECTOR… --update-lock`, or do not require the lock file");
  }
}

std::optional<Offer> ProjectLock::offer_of(const store::Archive& archive) const {
  auto offer = plain_offer(archive);
  const auto* locked = proof_ ? proof_->find(archive.file) : nullptr;
  if (locked == nullptr) return offer;
  if (archive.sha256 == locked->sha256) {
    offer.file.sha256 = locked->sha256;
    offer.verified_by = locked->proof();
  } else if (!archive.is_module) {
    context_.run.reporter.warning(
        fmt::format("{} in the store is not the one that {} names: its SHA-256 is {}", archive.file,
                    printable(request_.lock_file), archive.sha256.hex()));
    return std::nullopt;
  }
  return offer;
}

void ProjectLock::record(const std::vector<Fetched>& fetched) const {
  if (request_.lock_file.empty()) return;
  release::LockFile file(request_.lock_file);  // anew: downloads may have taken a while
  bool is_changed = false;
  for (const auto& [archive, was_there] : fetched) {
    const auto* locked = file.find(archive.file);
    if (locked && (!request_.update_lock || locked->sha256 == archive.sha256)) continue;
    file.put(to_locked(archive));
    context_.run.reporter.note(fmt::format("{}: {}", file.name(), archive.file));
    is_changed = true;
  }
  if (is_changed) file.save(context_.store.durable());
}

release::LockedArchive ProjectLock::to_locked(const store::Archive& archive) const {
  release::LockedArchive locked{archive.file,       archive.version, archive.platform,
                                archive.bytes,      archive.sha256,  {},
                                archive.verified_by};
  if (archive.is_module) {
    const auto downloads = context_.store.downloads();
    downloads.drop_index(archive.file);  // only the bytes prove anything
    ArchiveFiles files(downloads, archive, context_.limits, context_.run.stop);
    locked.h1 = module_hash(plain_offer(archive), files.index());
  }
  return locked;
}

}  // namespace gopack::acquire
