#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "gopack/acquire/acquire.hpp"
#include "gopack/base/error.hpp"
#include "gopack/base/shell_word.hpp"
#include "gopack/bundle/checksums.hpp"
#include "gopack/release/shared_commands.hpp"
#include "gopack/store/mender.hpp"
#include "gopack/store/trees.hpp"
#include "gopack/tree/dir_chain.hpp"
#include "gopack/trim/strip.hpp"
#include "gopack/workflow/verify.hpp"
#include "lay_out.hpp"

namespace gopack::workflow {

namespace {

using store::Problem;

// What could not be done, while everything else goes on.
class Losses {
 public:
  // An Error of `attempt` is noted under `name`, unless the user has stopped the command.
  template <typename Attempt>
  void attempt(std::string_view name, Attempt attempt) {
    try {
      attempt();
    } catch (Error& error) {
      if (error.kind() == ErrorKind::interrupted) throw;
      add(error.with_context(fmt::format("repairing {}", name)));
    }
  }
  void add(Error error) { errors_.push_back(std::move(error)); }

  // One that names them all.
  std::optional<Error> error() const {
    if (errors_.size() <= 1) return errors_.empty() ? std::nullopt : std::optional(errors_.front());
    auto text = fmt::format("cannot restore everything, {} things failed", errors_.size());
    std::vector<std::string> hints;
    for (const auto& error : errors_) {
      text += "; " + error.text();
      const bool is_new = std::find(hints.begin(), hints.end(), error.hint()) == hints.end();
      if (is_new && !error.hint().empty()) hints.push_back(error.hint());
    }
    return Error(errors_.front().kind(), std::move(text))
        .with_hint(fmt::format("{}", fmt::join(hints, "; ")));
  }

 private:
  std::vector<Error> errors_;
};

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

// An archive, and its bytes, which have just been proved.
struct ProvedArchive {
  store::Archive archive;
  File file;
};

// The archive of that name and digest; nothing where it is missing, or damaged, which is noted.
std::optional<ProvedArchive> find_proved(const Session& session, const store::Downloads& downloads,
                                         const tree::Origin& origin) {
  const auto archive = downloads.find(origin.file);
  if (!archive || archive->sha256 != origin.sha256) return std::nullopt;
  try {
    return ProvedArchive{*archive, downloads.open_proved(*archive)};
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::integrity) throw;
    session.reporter.note(
        fmt::format("{} is damaged as well", printable(downloads.directory().path() / origin.file)));
    return std::nullopt;
  }
}

// The archive a manifest names: the store's own, or another one on this machine, else fetched again.
ProvedArchive obtain(const Session& session, const tree::Origin& origin, const RepairOptions& options) {
  const auto& store = session.store;
  if (store.has_downloads()) {
    if (auto own = find_proved(session, store.downloads(), origin)) return std::move(*own);
  }
  if (options.at_hand) {
    if (auto other = find_proved(session, *options.at_hand, origin)) return std::move(*other);
  }
  const auto archive = acquire::fetch_again(session.acquiring(), origin, options.sources);
  return {archive, store.downloads().open_proved(archive)};
}

// Puts a recorded archive of the store right.
void restore_archive(const Session& session, const tree::Origin& origin, const RepairOptions& options) {
  auto other = options.at_hand ? find_proved(session, *options.at_hand, origin) : std::nullopt;
  if (!other) {
    acquire::fetch_again(session.acquiring(), origin, options.sources);
    return;
  }
  const auto downloads = session.store.downloads();
  const auto part = origin.file + ".part";
  downloads.directory().remove_file(part);
  auto copy = downloads.directory().create_file(part);
  other->file.seek(0);
  FileSource content(other->file);
  for (auto block = content.next(); !block.empty(); block = content.next()) copy.write(block);
  copy.close();
  downloads.adopt(part, other->archive, session.store.durable());
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

// Lays out all that the tree was made of, as far as its archives can be had.
void lay_out_origins(const Session& session, const Tree& tree, const RepairOptions& options,
                     tree::TreeSink& sink, Losses& losses) {
  const auto& manifest = tree.manifest;
  trim::StrippingSink stripping(sink);
  for (const auto& origin : manifest.origins) {
    losses.attempt(tree.id.text(), [&] {
      auto [archive, file] = obtain(session, origin, options);
      lay_out_archive(session, archive, file, tree.platforms(),
                      {manifest.stripped ? stripping : sink, &session.store.home()});
    });
  }
  release::add_shared_commands(tree.platforms(), sink);
}

std::string list_of(const std::map<std::string, tree::ManifestFile>& files) {
  constexpr std::size_t kNamed = 20;
  std::string names;
  std::size_t count = 0;
  for (const auto& [path, file] : files) {
    if (++count > kNamed) return fmt::format("{} and {} more", names, files.size() - kNamed);
    names += (names.empty() ? "" : ", ") + printable(path);
  }
  return names;
}

Repaired repair_tree(const Session& session, const Tree& tree, const std::vector<Problem>& problems,
                     const RepairOptions& options, Losses& losses) {
  store::Mender mender(session.store, tree.id);
  Repaired repaired{tree.id.text(), tree, 0, 0};
  std::map<std::string, tree::ManifestFile> damaged;
  for (const auto& problem : problems) {
    if (const auto* file = tree.manifest.find(problem.path)) {
      damaged.emplace(problem.path, *file);
      continue;
    }
    losses.attempt(tree.id.text(), [&] {
      mender.remove_foreign(problem.path);
      ++repaired.removed;
    });
  }
  RestoringSink sink(mender, std::move(damaged));
  if (!sink.still_damaged().empty()) lay_out_origins(session, tree, options, sink, losses);
  losses.attempt(tree.id.text(), [&] { mender.commit(); });
  if (!sink.still_damaged().empty()) {
    losses.add(Error(ErrorKind::integrity, fmt::format("cannot restore {} of {}: no archive at hand has it",
                                                       list_of(sink.still_damaged()), tree.id.text())));
  }
  repaired.restored = sink.restored() - mender.wrong();
  return repaired;
}

// Those whose bytes are not what proved them. Archives that are gone nobody needs until a tree is damaged.
void repair_archives(const Session& session, const RepairOptions& options, std::vector<Repaired>& repaired,
                     Losses& losses) {
  const auto downloads = session.store.downloads();
  for (const auto& archive : downloads.list_records()) {
    losses.attempt(archive.file, [&] {
      if (!downloads.directory().find(archive.file) || downloads.is_whole(archive)) return;
      restore_archive(session, archive.origin(), options);
      repaired.push_back({archive.file, std::nullopt, 1, 0});
    });
  }
}

// The names of what only a manifest could have told.
Error lost_for_good(const Session& session, const std::vector<std::string>& names) {
  return Error(ErrorKind::integrity,
               fmt::format("cannot restore {} in {}: only a manifest says what a tree holds",
                           fmt::join(names, ", "), printable(session.store.path())))
      .with_hint(fmt::format(
          "lay the tree out anew with {}, or take it out with {}, the current one after {}",
          session.store.anew(), session.store.command("remove v_…"), session.store.command("use")));
}

// An interrupted repair may have left directories writable. What is missing has been told of.
void seal(const Dir& tree, const std::vector<tree::ManifestFile>& files) {
  constexpr std::uint32_t kWritable = 0222;
  constexpr std::uint32_t kReadOnly = 0555;
  tree::DirChain directories(tree.open_dir("."));
  std::set<std::string_view> sealed;
  for (const auto& file : files) {
    for (auto parent = file.path.parent(); !parent.empty(); parent = tree::parent_of(parent)) {
      if (!sealed.insert(parent).second) break;
      const auto* dir = directories.find(parent);
      const auto status = dir ? dir->find(".") : std::nullopt;
      if (status && (status->mode & kWritable) != 0) dir->set_mode(kReadOnly);
    }
  }
}

void repair_trees(const Session& session, const RepairOptions& options, std::vector<Repaired>& repaired,
                  Losses& losses) {
  const auto& store = session.store;
  std::vector<std::string> lost;
  for (const auto& id : store.trees().known()) {
    losses.attempt(id.text(), [&] {
      const auto tree = store::load_tree(store, id, session.reporter);
      if (!tree) {
        lost.push_back(id.text() + ".json");
        return;
      }
      const auto& files = tree->manifest.files;
      const auto problems = store.trees().is_complete(id)
                                ? store::verify_tree(store.trees().open(id), files, store::Depth::contents,
                                                     session.jobs, session.stop)
                                : store::missing_files(files);
      if (!problems.empty()) repaired.push_back(repair_tree(session, *tree, problems, options, losses));
      if (store.trees().is_complete(id)) seal(store.trees().open(id), files);
    });
  }
  const auto current = store.pointer().named() ? store.lost_current() : std::nullopt;
  if (current && std::find(lost.begin(), lost.end(), *current) == lost.end()) lost.push_back(*current);
  if (!lost.empty()) losses.add(lost_for_good(session, lost));
}

// As launchers do: by the last switch that leads to a tree that is there.
void repair_pointer(const store::Store& store, std::vector<Repaired>& repaired, Losses& losses) {
  const auto pointer = store.pointer();
  if (pointer.named() || store.trees().known().empty()) return;
  losses.attempt("current", [&] {
    const auto last = pointer.current();
    if (!last) return;
    pointer.switch_to(*last, store.durable());
    repaired.push_back({"current", std::nullopt, 1, 0});
  });
}

void repair_files_beside(const Session& session, std::vector<Repaired>& repaired, Losses& losses) {
  const auto& store = session.store;
  const auto beside = bundle::repair_beside(store);
  if (beside.restored > 0) repaired.push_back({bundle::kChecksums, std::nullopt, beside.restored, 0});
  if (beside.lost.empty()) return;
  losses.add(
      Error(ErrorKind::integrity,
            fmt::format("cannot restore {} in {}: this gopack has no file of that digest",
                        printable(fmt::format("{}", fmt::join(beside.lost, ", "))), printable(store.path())))
          .with_hint(fmt::format("bundle again: `gopack bundle --target {}`",
                                 printable(shell_word(store.path().string())))));
}

}  // namespace

RepairResult repair(const Session& session, const RepairOptions& options) {
  const auto& store = session.store;
  const auto lock = store.lock(session.lock_patience, session.stop);
  const PassingArchives archives(store);
  RepairResult result;
  Losses losses;
  repair_trees(session, options, result.repaired, losses);
  repair_pointer(store, result.repaired, losses);
  losses.attempt("what lies beside the trees",
                 [&] { repair_files_beside(session, result.repaired, losses); });
  if (store.has_downloads()) repair_archives(session, options, result.repaired, losses);
  result.failure = losses.error();
  return result;
}

}  // namespace gopack::workflow
