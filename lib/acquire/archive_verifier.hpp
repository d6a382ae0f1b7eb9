// The part of fetch that decides whether bytes are what they claim to be. Private to acquire.
#pragma once

#include <mutex>
#include <optional>

#include "gopack/acquire/archive_files.hpp"
#include "gopack/acquire/context.hpp"
#include "gopack/acquire/evidence.hpp"
#include "gopack/digest/openpgp.hpp"
#include "gopack/release/lock_file.hpp"
#include "gopack/source/checksum_database.hpp"
#include "gopack/source/source.hpp"

namespace gopack::acquire {

// "h1:…" of the module that the archive with that index is, or has in it. Throws Error.
std::string module_hash(const source::Offer& offer, const archive::Index& index);

// Used by any number of threads at once.
class ArchiveVerifier {
 public:
  // `source` is what the user named: its settings of Go decide which proxies are asked.
  // `lock_file`, where there is one, outlives this object. Throws Error (usage) when signatures are required
  // and cannot be checked.
  ArchiveVerifier(const Context& context, std::string source, const EvidenceOptions& options,
                  const release::LockFile* lock_file = nullptr);

  // Whether an archive that is there has to be proved once more.
  bool must_prove(const std::string& file) const { return !options_.required.empty() || find_locked(file); }
  // Fills in the digest that counts: the lock file's, or the official index's where that is required. Throws
  // Error (integrity) when there is none where it is required, or another one than `offer` has.
  void pin(source::Offer& offer);
  // Downloads what `offer` names into downloads/, proves it by its SHA-256, by the lock file or by the
  // checksum database, and by what is required, and only then gives it its name. Throws Error (integrity)
  // when there is no proof or it fails; nothing is kept then.
  store::Archive download_and_prove(const source::Offer& offer);
  // Proves in the same way an archive that is there, and notes by what.
  store::Archive prove_again(store::Archive archive, const source::Offer& offer);

 private:
  bool requires_evidence(Evidence evidence) const { return options_.required.contains(evidence); }
  const release::LockedArchive* find_locked(const std::string& file) const {
    return lock_file_ ? lock_file_->find(file) : nullptr;
  }
  void pin_by_index(source::Offer& offer);
  void pin_by_lock(source::Offer& offer) const;
  transport::Downloaded download(const source::Offer& offer) const;
  // A file that is to be proved as that archive.
  struct Candidate {
    const source::Offer& offer;
    const store::Archive& archive;
    File& file;
    std::string name;                          // in downloads/
    std::optional<archive::Index> index = {};  // of these bytes, once a proof has needed it
  };
  // These return what manifests say of the proof.
  std::string prove(Candidate& candidate);
  const archive::Index& index_of(Candidate& candidate) const;
  std::string prove_by_signature(const digest::SignatureChecker& signatures, const source::Offer& offer,
                                 const std::string& name) const;
  std::string prove_by_database(Candidate& candidate);
  std::string prove_by_lock(const release::LockedArchive& locked, Candidate& candidate) const;
  struct Record {
    std::string database;
    std::string hash;  // "h1:…"
  };
  Record look_up(const source::Offer& offer);
  std::optional<release::ReleaseFile> find_official(const std::string& filename);

  const Context& context_;
  std::string source_;
  EvidenceOptions options_;
  const release::LockFile* lock_file_;
  store::Downloads downloads_;
  std::mutex mutex_;
  std::optional<source::ChecksumDatabase> database_;    // guarded by mutex_; made when first needed
  std::optional<std::vector<source::Offer>> official_;  // the same
  std::optional<digest::SignatureChecker> signatures_;
};

}  // namespace gopack::acquire
