#include "restore.hpp"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <string>

#include "gopack/acquire/acquire.hpp"
#include "gopack/release/shared_commands.hpp"
#include "gopack/store/mender.hpp"
#include "gopack/trim/strip.hpp"
#include "lay_out.hpp"

namespace gopack::workflow {

namespace {

// Takes the damaged files out of the stream of a whole release and writes them.
class RestoringSink final : public tree::TreeSink {
 public:
  RestoringSink(store::Mender& mender, const std::vector<tree::ManifestFile>& damaged) : mender_(mender) {
    for (const auto& file : damaged) damaged_.emplace(file.path.text(), file);
  }

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

// What other trees of the store have as well; returns the others, which archives must have.
std::vector<tree::ManifestFile> take_from_trees(const Session& session, const tree::StoreId& id,
                                                const std::vector<tree::ManifestFile>& damaged,
                                                store::Mender& mender) {
  try {
    const store::ShareSource others{session.store, nullptr, id, true};
    return mender.take(damaged, others, session.run());
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::failed) throw;
    session.reporter.detail(error.text());
    return damaged;
  }
}

}  // namespace

Repaired repair_tree(const Session& session, const Tree& tree, const std::vector<store::Problem>& problems,
                     const RepairOptions& options, Losses& losses) {
  store::Mender mender(session.store, tree.id);
  Repaired repaired{tree.id.text(), tree, 0, 0};
  std::vector<tree::ManifestFile> damaged;
  for (const auto& problem : problems) {
    if (const auto* file = tree.manifest.find(problem.path)) {
      const bool is_known = !damaged.empty() && damaged.back().path == file->path;  // mode and content, say
      if (!is_known) damaged.push_back(*file);
      continue;
    }
    losses.attempt(tree.id.text(), [&] {
      mender.remove_foreign(problem.path);
      ++repaired.removed;
    });
  }
  auto rest = damaged;
  if (!damaged.empty()) rest = take_from_trees(session, tree.id, damaged, mender);
  RestoringSink sink(mender, rest);
  if (!sink.still_damaged().empty()) lay_out_origins(session, tree, options, sink, losses);
  losses.attempt(tree.id.text(), [&] { mender.commit(); });
  if (!sink.still_damaged().empty()) {
    losses.add(Error(ErrorKind::integrity, fmt::format("cannot restore {} of {}: no archive at hand has it",
                                                       list_of(sink.still_damaged()), tree.id.text())));
  }
  repaired.restored = damaged.size() - rest.size() + sink.restored() - mender.wrong();
  return repaired;
}

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

}  // namespace gopack::workflow
