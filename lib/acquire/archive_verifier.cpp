#include "archive_verifier.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "gopack/archive/indexed_archive.hpp"
#include "gopack/archive/unpack.hpp"
#include "gopack/base/error.hpp"
#include "gopack/source/module_hash.hpp"

namespace gopack::acquire {

using source::Offer;

namespace {

constexpr std::uint64_t kSignatureLimit = 64 << 10;
constexpr const char* kDoNotUse = "do not use this copy; fetch the release from another source";
constexpr const char* kNotLocked =
    "do not use this copy; if you know that the release was published anew, accept it with --update-lock";

// Two that should say the same of an archive do not.
Error contradiction(const Offer& offer, const digest::Sha256& given, const digest::Sha256& expected,
                    const std::string& by, const char* hint) {
  return Error(ErrorKind::integrity,
               fmt::format("cannot accept {} from {}: its SHA-256 is {} by the {} there, but {} by {}",
                           offer.file.filename, offer.source, given.hex(), offer.verified_by, expected.hex(),
                           by))
      .with_hint(hint);
}

}  // namespace

std::string module_hash(const Offer& offer, const archive::Index& index) {
  using Input = source::ModuleHash::Input;
  source::ModuleHash hash(offer.file.version, offer.file.platform,
                          offer.is_module ? Input::module_zip : Input::official_archive);
  archive::list(index, hash);
  return hash.finish();
}

ArchiveVerifier::ArchiveVerifier(const Context& context, std::string source, const EvidenceOptions& options,
                                 const release::LockFile* lock_file)
    : context_(context),
      source_(std::move(source)),
      options_(options),
      lock_file_(lock_file),
      downloads_(context.store.downloads()) {
  if (requires_evidence(Evidence::signature))
    signatures_.emplace(options_.signing_key, context.store.state());
}

void ArchiveVerifier::pin(Offer& offer) {
  if (requires_evidence(Evidence::index)) pin_by_index(offer);
  pin_by_lock(offer);
}

void ArchiveVerifier::pin_by_index(Offer& offer) {
  if (offer.verified_by == source::kOfficialIndex) return;
  const auto known = find_official(offer.file.filename);
  if (!known || !known->sha256) {
    throw Error(ErrorKind::integrity,
                fmt::format("cannot verify {} from {}: the official release index has no digest of it",
                            offer.file.filename, offer.source))
        .with_hint("modules and very old releases are not in it: require sumdb or signature instead");
  }
  if (offer.file.sha256 && *offer.file.sha256 != *known->sha256)
    throw contradiction(offer, *offer.file.sha256, *known->sha256, "the official one", kDoNotUse);
  offer.file = *known;
  offer.verified_by = source::kOfficialIndex;
}

void ArchiveVerifier::pin_by_lock(Offer& offer) const {
  const auto* locked = find_locked(offer.file.filename);
  if (!locked && requires_evidence(Evidence::lock)) {
    throw Error(ErrorKind::integrity, fmt::format("cannot accept {} from {}: {} does not name it",
                                                  offer.file.filename, offer.source, lock_file_->name()))
        .with_hint("add it with `gopack fetch SELECTOR… --update-lock`, or do not require the lock file");
  }
  // What a module's zip has in it counts, which prove() looks at.
  if (!locked || (offer.is_module && offer.file.sha256 != locked->sha256)) return;
  if (offer.file.sha256 && *offer.file.sha256 != locked->sha256)
    throw contradiction(offer, *offer.file.sha256, locked->sha256, lock_file_->name(), kNotLocked);
  const bool also_index = requires_evidence(Evidence::index);
  offer.verified_by =
      also_index ? fmt::format("{}, {}", locked->proof(), offer.verified_by) : locked->proof();
  offer.file.size = locked->bytes;
  offer.file.sha256 = locked->sha256;
}

store::Archive ArchiveVerifier::prove_again(store::Archive archive, const Offer& offer) {
  auto file = downloads_.open_proved(archive);
  downloads_.drop_index(archive.file);  // only the bytes prove anything
  Candidate candidate{offer, archive, file, archive.file};
  archive.verified_by = prove(candidate);
  if (candidate.index)
    downloads_.keep_index(archive, candidate.index->serialize({archive.sha256, context_.limits}));
  downloads_.record(archive, context_.store.durable());
  return archive;
}

store::Archive ArchiveVerifier::download_and_prove(const Offer& offer) {
  const auto* locked = find_locked(offer.file.filename);
  const auto downloaded =
      in_context(fmt::format("fetching {} from {}{}", offer.file.filename, offer.source,
                             locked ? fmt::format(" as {} has it", lock_file_->name()) : std::string()),
                 [&] { return download(offer); });
  store::Archive archive{.file = offer.file.filename,
                         .version = offer.file.version,
                         .platform = offer.file.platform,
                         .is_module = offer.is_module,
                         .bytes = downloaded.size,
                         .sha256 = downloaded.sha256,
                         .source = offer.source,
                         .verified_by = {}};
  std::optional<archive::Index> index;
  try {
    auto file = downloads_.directory().open_file(downloaded.part);
    Candidate candidate{offer, archive, file, downloaded.part};
    archive.verified_by = prove(candidate);
    index = std::move(candidate.index);
  } catch (const Error& error) {
    // Interrupted, or nobody to ask: that says nothing about the file. All else means it is not to be kept.
    if (error.kind() != ErrorKind::interrupted && error.kind() != ErrorKind::unreachable) {
      downloads_.directory().remove_file(downloaded.part);
    }
    throw;
  }
  downloads_.adopt(downloaded.part, archive, context_.store.durable());
  if (index) downloads_.keep_index(archive, index->serialize({archive.sha256, context_.limits}));
  return archive;
}

transport::Downloaded ArchiveVerifier::download(const Offer& offer) const {
  for (std::size_t i = 0;; ++i) {
    try {
      const transport::DownloadRequest request{.url = offer.urls.at(i),
                                               .file = offer.file.filename,
                                               .size = offer.file.size,
                                               .sha256 = offer.file.sha256};
      return context_.transport.download(request, downloads_.directory());
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::unreachable || i + 1 == offer.urls.size()) throw;
      context_.run.reporter.detail(error.text());
    }
  }
}

const archive::Index& ArchiveVerifier::index_of(Candidate& candidate) const {
  NullSink nowhere;
  const Pass pass{candidate.archive, context_.limits, nullptr, context_.run.stop};
  if (!candidate.index) candidate.index = pass.over(candidate.file, nowhere);
  return *candidate.index;
}

// The SHA-256, where one is known, has been compared before.
std::string ArchiveVerifier::prove(Candidate& candidate) {
  const auto& offer = candidate.offer;
  in_context(fmt::format("looking at {} from {}", offer.file.filename, offer.source),
             [&] { archive::require_format(candidate.file); });
  std::vector<std::string> evidence;
  if (offer.file.sha256) evidence.push_back(offer.verified_by);
  const auto* locked = find_locked(offer.file.filename);
  if (locked && offer.file.sha256 != locked->sha256)
    evidence.insert(evidence.begin(), prove_by_lock(*locked, candidate));
  if (requires_evidence(Evidence::sumdb) || (evidence.empty() && offer.is_module))
    evidence.push_back(prove_by_database(candidate));
  if (signatures_) evidence.push_back(prove_by_signature(*signatures_, offer, candidate.name));
  if (!evidence.empty()) return fmt::format("{}", fmt::join(evidence, ", "));
  if (options_.allow_unverified) {
    context_.run.reporter.warning(fmt::format("{} from {} is not verified: no digest exists for it",
                                              offer.file.filename, offer.source));
    return "nothing";
  }
  throw Error(ErrorKind::integrity, fmt::format("cannot verify {} from {}: there is no digest for it",
                                                offer.file.filename, offer.source))
      .with_hint(
          "give one with --sha256, check it with --require sumdb, or accept it with --allow-unverified");
}

std::string ArchiveVerifier::prove_by_lock(const release::LockedArchive& locked, Candidate& candidate) const {
  const auto& offer = candidate.offer;
  const auto found = module_hash(offer, index_of(candidate));
  if (found != locked.h1) {
    throw Error(ErrorKind::integrity,
                fmt::format("cannot accept {} from {}: its hash is {}, but {} says {}", offer.file.filename,
                            offer.source, found, lock_file_->name(), locked.h1))
        .with_hint(kNotLocked);
  }
  return locked.proof();
}

std::string ArchiveVerifier::prove_by_database(Candidate& candidate) {
  const auto& offer = candidate.offer;
  const auto expected = look_up(offer);
  const auto found = module_hash(offer, index_of(candidate));
  if (found != expected.hash) {
    throw Error(ErrorKind::integrity,
                fmt::format("cannot accept {} from {}: its hash is {}, but {} says {}", offer.file.filename,
                            offer.source, found, expected.database, expected.hash))
        .with_hint(kDoNotUse);
  }
  return expected.database;
}

std::string ArchiveVerifier::prove_by_signature(const digest::SignatureChecker& signatures,
                                                const Offer& offer, const std::string& name) const {
  for (const auto& url : offer.urls) {
    const auto beside = transport::Url::parse(url.secret() + ".asc");
    const auto signature = context_.transport.try_get(beside, kSignatureLimit);
    if (!signature) continue;
    signatures.check(downloads_.directory().path() / name, *signature, beside.text(), context_.run.stop);
    return signatures.name();
  }
  throw Error(ErrorKind::integrity,
              fmt::format("cannot verify {} from {}: there is no signature {}.asc beside it",
                          offer.file.filename, offer.source, offer.file.filename))
      .with_hint("use another --source, or do not require signatures; modules have none");
}

std::optional<release::ReleaseFile> ArchiveVerifier::find_official(const std::string& filename) {
  const std::lock_guard lock(mutex_);
  if (!official_) {
    official_ = in_context("asking the official release index", [&] {
      return source::make_source("official", context_.transport, {}, context_.official)->list();
    });
  }
  for (const auto& offer : *official_) {
    if (offer.file.filename == filename) return offer.file;
  }
  return std::nullopt;
}

ArchiveVerifier::Record ArchiveVerifier::look_up(const Offer& offer) {
  const std::lock_guard lock(mutex_);
  if (!database_) {
    database_.emplace(source::go_environment_for(source_, context_.run.stop), context_.transport,
                      context_.store.state().ensure_dir("sumdb"));
  }
  if (!database_->covers(source::kToolchainModule)) {
    throw Error(ErrorKind::integrity,
                fmt::format("cannot verify {}: Go's settings turn the checksum database off for it",
                            offer.file.filename))
        .with_hint("unset GOSUMDB and GONOSUMDB, use another source, or give the digest with --sha256");
  }
  const auto version = source::toolchain_version(offer.file.version, offer.file.platform);
  return {database_->name(), database_->lookup(source::kToolchainModule, version)};
}

}  // namespace gopack::acquire
