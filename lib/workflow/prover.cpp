#include "prover.hpp"

#include <fmt/format.h>

#include <tuple>

#include "gopack/archive/unpack.hpp"
#include "gopack/base/confine.hpp"
#include "gopack/base/error.hpp"
#include "gopack/release/sdk_layout.hpp"
#include "gopack/source/module_hash.hpp"

namespace gopack::workflow {

using source::Offer;

store::Archive Prover::download_and_prove(const Offer& offer) {
  const auto downloaded = in_context(fmt::format("fetching {} from {}", offer.file.filename, offer.source),
                                     [&] { return download(offer); });
  store::Archive archive{.file = offer.file.filename,
                         .version = offer.file.version,
                         .platform = offer.file.platform,
                         .is_module = offer.is_module,
                         .bytes = downloaded.size,
                         .sha256 = downloaded.sha256,
                         .source = offer.source,
                         .verified_by = {}};
  try {
    auto file = downloads_.directory().open_file(downloaded.part);
    archive.verified_by = prove(offer, file);
  } catch (const Error& error) {
    // Interrupted, or nobody to ask: that says nothing about the file. All else means it is not to be kept.
    if (error.kind() != ErrorKind::interrupted && error.kind() != ErrorKind::unreachable) {
      downloads_.directory().remove_file(downloaded.part);
    }
    throw;
  }
  downloads_.adopt(downloaded.part, archive, session_.store.durable());
  return archive;
}

transport::Downloaded Prover::download(const Offer& offer) const {
  for (std::size_t i = 0;; ++i) {
    try {
      const transport::DownloadRequest request{.url = offer.urls.at(i),
                                               .file = offer.file.filename,
                                               .size = offer.file.size,
                                               .sha256 = offer.file.sha256};
      return session_.transport.download(request, downloads_.directory());
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::unreachable || i + 1 == offer.urls.size()) throw;
      session_.reporter.detail(error.text());
    }
  }
}

// The SHA-256, where one is known, has been compared while downloading.
std::string Prover::prove(const Offer& offer, File& file) {
  if (!archive::detect_format(file)) {
    const auto* found = archive::is_html(file) ? "an HTML page" : "something else";
    throw Error(ErrorKind::integrity, fmt::format("cannot use {} from {}: got {} instead of an archive",
                                                  offer.file.filename, offer.source, found))
        .with_hint("a proxy or login page may be in the way; check the source's URL");
  }
  if (offer.file.sha256 && !options_.check_sumdb) return offer.verified_by;
  if (offer.file.sha256) return fmt::format("{}, {}", offer.verified_by, prove_by_database(offer, file));
  if (offer.is_module || options_.check_sumdb) return prove_by_database(offer, file);
  if (options_.allow_unverified) {
    session_.reporter.warning(fmt::format("{} from {} is not verified: no digest exists for it",
                                          offer.file.filename, offer.source));
    return "nothing";
  }
  throw Error(ErrorKind::integrity, fmt::format("cannot verify {} from {}: there is no digest for it",
                                                offer.file.filename, offer.source))
      .with_hint("give one with --sha256, check it with --sumdb, or accept it with --allow-unverified");
}

std::string Prover::prove_by_database(const Offer& offer, File& file) {
  const auto expected = look_up(offer);
  const auto found = module_hash(offer, file);
  if (found != expected.hash) {
    throw Error(ErrorKind::integrity,
                fmt::format("cannot accept {} from {}: its hash is {}, but {} says {}", offer.file.filename,
                            offer.source, found, expected.database, expected.hash))
        .with_hint("do not use this copy; fetch the release from another source");
  }
  return expected.database;
}

std::string Prover::module_hash(const Offer& offer, File& file) const {
  using Input = source::ModuleHash::Input;
  const auto& [version, platform] = std::tie(offer.file.version, offer.file.platform);
  source::ModuleHash hash(version, platform, offer.is_module ? Input::module_zip : Input::official_archive);
  const auto root =
      offer.is_module ? release::toolchain_module_root(version, platform) : release::kArchiveRoot;
  run_confined(nullptr, [&] {
    archive::unpack(file, {.root = root, .limits = session_.limits}, hash, session_.stop);
  });
  return hash.finish();
}

Prover::Record Prover::look_up(const Offer& offer) {
  const std::lock_guard lock(mutex_);
  if (!database_) {
    database_.emplace(source::go_environment_for(source_), session_.transport,
                      session_.store.state().ensure_dir("sumdb"));
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

}  // namespace gopack::workflow
