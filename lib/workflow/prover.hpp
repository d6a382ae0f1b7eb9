// The part of fetch that decides whether bytes are what they claim to be. Private to workflow.
#pragma once

#include <mutex>
#include <optional>

#include "gopack/source/checksum_database.hpp"
#include "gopack/source/source.hpp"
#include "gopack/workflow/session.hpp"

namespace gopack::workflow {

struct ProofOptions {
  bool check_sumdb = false;
  bool allow_unverified = false;
};

// Used by any number of threads at once.
class Prover {
 public:
  // `source` is what the user named: its settings of Go decide which proxies are asked.
  Prover(const Session& session, std::string source, const ProofOptions& options)
      : session_(session),
        source_(std::move(source)),
        options_(options),
        downloads_(session.store.downloads()) {}

  // Downloads what `offer` names into downloads/, proves it by its SHA-256 or by the checksum database, and
  // only then gives it its name. Throws Error (integrity) when there is no proof or it fails; nothing is kept
  // then.
  store::Archive download_and_prove(const source::Offer& offer);

 private:
  transport::Downloaded download(const source::Offer& offer) const;
  // Both return what manifests say of the proof.
  std::string prove(const source::Offer& offer, File& file);
  std::string prove_by_database(const source::Offer& offer, File& file);
  std::string module_hash(const source::Offer& offer, File& file) const;
  struct Record {
    std::string database;
    std::string hash;  // "h1:…"
  };
  Record look_up(const source::Offer& offer);

  const Session& session_;
  std::string source_;
  ProofOptions options_;
  store::Downloads downloads_;
  std::mutex mutex_;
  std::optional<source::ChecksumDatabase> database_;  // guarded by mutex_; made when first needed
};

}  // namespace gopack::workflow
