#include <fmt/format.h>

#include <map>

#include "checksums.hpp"
#include "gopack/base/error.hpp"
#include "gopack/store/mender.hpp"
#include "gopack/trim/strip.hpp"
#include "gopack/workflow/fetch.hpp"
#include "gopack/workflow/verify.hpp"
#include "lay_out.hpp"

namespace gopack::workflow {

namespace {

using store::Problem;

// Takes the damaged files out of the stream of a whole release and writes them.
class RestoringSink final : public tree::TreeSink {
 public:
  RestoringSink(store::Mender& mender, std::map<std::string, tree::ManifestFile> damaged)
      : mender_(mender), damaged_(std::move(damaged)) {}

  void add(const tree::Entry& entry, ByteSource& content) override {
    const auto at = damaged_.find(entry.path.text());
    if (at == damaged_.end()) return;
    mender_.restore(at->second, content);
    damaged_.erase(at);
    ++restored_;
  }

  std::size_t restored() const { return restored_; }
  const std::map<std::string, tree::ManifestFile>& still_damaged() const { return damaged_; }

 private:
  store::Mender& mender_;
  std::map<std::string, tree::ManifestFile> damaged_;
  std::size_t restored_ = 0;
};

// The archive a manifest names: from downloads/ when its bytes are right, else fetched again.
store::Archive obtain(const Session& session, const tree::Origin& origin,
                      const std::vector<std::string>& sources) {
  const auto downloads = session.store.downloads();
  if (const auto archive = downloads.find(origin.file); archive && archive->sha256 == origin.sha256) {
    if (downloads.is_whole(*archive)) return *archive;
    session.reporter.note(fmt::format("{} is damaged as well; fetching it again", origin.file));
  }
  return fetch_again(session, origin, sources);
}

// Where no archives were kept, as in a bundle, those that were fetched for the repair do not stay either.
class PassingArchives {
 public:
  explicit PassingArchives(const store::Store& store)
      : store_(store), stays_(store.has_downloads() && !store.downloads().list_records().empty()) {}
  PassingArchives(const PassingArchives&) = delete;
  PassingArchives& operator=(const PassingArchives&) = delete;
  ~PassingArchives() {
    try {
      if (!stays_ && store_.has_downloads()) clear(store_.downloads());
    } catch (...) {
      // It is as good there as any other.
    }
  }

 private:
  void clear(const store::Downloads& downloads) const {
    for (const auto& archive : downloads.list()) downloads.remove(archive.file);
    if (downloads.directory().names().empty()) store_.home().remove_tree("downloads");
  }

  const store::Store& store_;
  bool stays_;
};

// All that the tree was made of.
void lay_out_origins(const Session& session, const tree::Manifest& manifest,
                     const std::vector<std::string>& sources, tree::TreeSink& sink) {
  std::vector<store::Archive> archives;
  for (const auto& origin : manifest.origins) archives.push_back(obtain(session, origin, sources));
  trim::StrippingSink stripping(sink);
  lay_out(session, archives, manifest.stripped ? stripping : sink, &session.store.home());
}

Repaired repair_tree(const Session& session, const Tree& tree, const std::vector<Problem>& problems,
                     const std::vector<std::string>& sources) {
  store::Mender mender(session.store, tree.id);
  Repaired repaired{tree.id.text(), tree, 0, 0};
  std::map<std::string, tree::ManifestFile> damaged;
  for (const auto& problem : problems) {
    if (problem.kind == Problem::Kind::foreign) {
      mender.remove_foreign(problem.path);
      ++repaired.removed;
    } else {
      damaged.emplace(problem.path, *tree.manifest.find(problem.path));
    }
  }
  RestoringSink sink(mender, std::move(damaged));
  if (!sink.still_damaged().empty()) lay_out_origins(session, tree.manifest, sources, sink);
  mender.commit();
  if (!sink.still_damaged().empty()) {
    throw Error(ErrorKind::integrity,
                fmt::format("cannot restore {} of {}: its archives do not have it",
                            printable(sink.still_damaged().begin()->first), tree.id.text()));
  }
  repaired.restored = sink.restored();
  return repaired;
}

// Those whose bytes are not what proved them. Archives that are gone nobody needs until a tree is damaged.
void repair_archives(const Session& session, const std::vector<std::string>& sources,
                     std::vector<Repaired>& repaired) {
  const auto downloads = session.store.downloads();
  for (const auto& archive : downloads.list_records()) {
    if (!downloads.directory().find(archive.file) || downloads.is_whole(archive)) continue;
    fetch_again(session, archive.origin(), sources);
    repaired.push_back({archive.file, std::nullopt, 1, 0});
  }
}

}  // namespace

std::vector<Repaired> repair(const Session& session, const std::vector<std::string>& sources) {
  const auto& store = session.store;
  const auto lock = store.lock(session.lock_patience, session.stop);
  const PassingArchives archives(store);
  std::vector<Repaired> repaired;
  auto lost = store.lost_current();
  for (const auto& id : store.known()) {
    const auto tree = load_tree(store, id, session.reporter);
    if (!tree) {
      lost = id.text() + ".json";
      continue;
    }
    const auto& files = tree->manifest.files;
    const auto problems = store.has(id)
                              ? store::verify_tree(store.open_tree(id), files, store::Depth::contents,
                                                   session.jobs, session.stop)
                              : store::missing_files(files);
    if (!problems.empty()) repaired.push_back(repair_tree(session, *tree, problems, sources));
  }
  if (const auto beside = repair_beside(store)) repaired.push_back(*beside);
  if (store.has_downloads()) repair_archives(session, sources, repaired);
  if (lost) {
    throw Error(ErrorKind::integrity,
                fmt::format("cannot restore {} in {}: only a manifest says what a tree holds", *lost,
                            printable(store.path())))
        .with_hint(
            "lay the tree out anew with `gopack trim` or `gopack bundle`, or take it out with `gopack "
            "remove`, the current one after `gopack use`");
  }
  return repaired;
}

}  // namespace gopack::workflow
