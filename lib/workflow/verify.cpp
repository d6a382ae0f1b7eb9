#include "gopack/workflow/verify.hpp"

#include <fmt/format.h>

#include "gopack/base/error.hpp"
#include "gopack/bundle/checksums.hpp"
#include "gopack/digest/checksum_file.hpp"
#include "gopack/digest/sha256.hpp"
#include "gopack/prove/prove.hpp"
#include "gopack/store/trees.hpp"

namespace gopack::workflow {

namespace {

using store::Problem;

Verified verify_tree(const Session& session, const Tree& tree, store::Depth depth) {
  const auto proof = session.store.trees().find_proof(tree.id);
  Verified verified{tree.id.text(),
                    tree.manifest.files.size(),
                    tree.manifest.bytes(),
                    store::verify_tree(session.store.trees().open(tree.id), tree.manifest.files, depth,
                                       session.jobs, session.stop),
                    proof ? prove::summarize(*proof).value_or("") : "",
                    tree};
  verified.tree->manifest.files.clear();
  return verified;
}

// Whatever is left of a tree; nothing when it has just been removed.
std::optional<Verified> verify_known(const Session& session, const tree::StoreId& id, store::Depth depth) {
  const auto lease = session.store.lease(id, session.lock_patience, session.stop);
  if (!lease && !session.store.trees().is_known(id)) return std::nullopt;
  Verified verified{id.text(), 0, 0, {}, {}, {}};
  if (!session.store.trees().is_complete(id)) {
    verified.problems.push_back({Problem::Kind::missing, id.text(), {}, {}});
  } else if (const auto tree = store::load_tree(session.store, id, session.reporter)) {
    return verify_tree(session, *tree, depth);
  } else {
    verified.problems.push_back({Problem::Kind::changed, id.text() + ".json", {}, {}});
  }
  return verified;
}

Verified verify_archive(const std::string& name, const digest::Sha256& expected,
                        const std::function<File()>& open) {
  Verified verified{name, 1, 0, {}, {}, {}};
  auto problem = store::verify_content(name, expected, [&] {
    const auto file = open();
    verified.bytes = file.status().size;
    return digest::hash(file);
  });
  if (problem) verified.problems.push_back(std::move(*problem));
  return verified;
}

Verified compare_size(const store::Archive& archive, const FileStatus& status) {
  Verified verified{archive.file, 1, status.size, {}, {}, {}};
  if (status.size != archive.bytes)
    verified.problems.push_back({Problem::Kind::changed, archive.file, fmt::format("{} bytes", archive.bytes),
                                 fmt::format("{} bytes", status.size)});
  return verified;
}

// Archives that are gone nobody misses.
void verify_downloads(const store::Downloads& downloads, store::Depth depth,
                      std::vector<Verified>& verified) {
  const auto& directory = downloads.directory();
  for (const auto& archive : downloads.list_records()) {
    const auto status = directory.find(archive.file);
    if (!status) continue;
    verified.push_back(depth == store::Depth::names ? compare_size(archive, *status)
                                                    : verify_archive(archive.file, archive.sha256, [&] {
                                                        return directory.open_file(archive.file);
                                                      }));
  }
}

// An archive anywhere: its digest is in the store's record of that name, or in "<file>.sha256" beside it.
Verified verify_named_archive(const store::Store& store, const std::filesystem::path& path,
                              store::Depth depth) {
  const auto name = path.filename().string();
  const auto record = store.has_downloads() ? store.downloads().find_record(name) : std::nullopt;
  std::error_code ignored;
  const bool is_there = std::filesystem::exists(path, ignored);
  if (record) {
    const auto open = [&] {
      return is_there ? File::open(path) : store.downloads().directory().open_file(name);
    };
    return depth == store::Depth::names ? compare_size(*record, open().status())
                                        : verify_archive(name, record->sha256, open);
  }
  const auto beside = path.string() + ".sha256";
  if (std::filesystem::exists(beside, ignored)) {
    if (const auto sha256 = digest::parse_checksum_file(read_text(beside, 4096)))
      return verify_archive(name, *sha256, [&] { return File::open(path); });
  }
  throw Error(
      ErrorKind::usage,
      fmt::format("cannot verify {}: the store has no record of it, and there is no {}.sha256 beside it",
                  printable(path), printable(name)))
      .with_hint(fmt::format("fetch it with {}, which proves and records it", store.command("fetch")));
}

}  // namespace

bool is_archive_name(std::string_view what) {
  return what.ends_with(".zip") || what.ends_with(".tar.gz");
}

std::vector<Verified> verify(const Session& session, const std::string& what, store::Depth depth) {
  const auto& store = session.store;
  std::vector<Verified> verified;
  if (!what.empty()) {
    if (is_archive_name(what)) return {verify_named_archive(store, what, depth)};
    if (store::is_tree_name(what)) {
      if (auto verified_tree = verify_known(session, find_tree(store, what), depth))
        return {std::move(*verified_tree)};
    }
    const auto leased = store::lease_tree(store, what, session.wait(), session.reporter);
    return {verify_tree(session, leased.tree, depth)};
  }
  for (const auto& id : store.trees().known()) {
    if (auto verified_tree = verify_known(session, id, depth)) verified.push_back(std::move(*verified_tree));
  }
  if (auto beside = bundle::verify_beside(store))
    verified.push_back(
        {bundle::kChecksums, beside->files, beside->bytes, std::move(beside->problems), {}, {}});
  if (const auto lost = store::lost_current(store))
    verified.push_back({"current", 0, 0, {{store::Problem::Kind::missing, *lost, {}, {}}}, {}, {}});
  if (store.has_downloads()) verify_downloads(store.downloads(), depth, verified);
  return verified;
}

}  // namespace gopack::workflow
