#include "gopack/workflow/verify.hpp"

#include <fmt/format.h>

#include "checksums.hpp"
#include "gopack/base/error.hpp"
#include "gopack/digest/checksum_file.hpp"
#include "gopack/digest/sha256.hpp"
#include "gopack/prove/prove.hpp"

namespace gopack::workflow {

namespace {

Verified verify_one(const Session& session, const Tree& tree) {
  const auto proof = session.store.find_proof(tree.id);
  return {tree.id.text(), tree.manifest.files.size(), tree.manifest.bytes(),
          store::verify_tree(session.store.open_tree(tree.id), tree.manifest.files, store::Depth::contents,
                             session.jobs, session.stop),
          proof ? prove::summarize(*proof).value_or("") : ""};
}

Verified verify_archive(const File& file, const std::string& name, const digest::Sha256& expected) {
  Verified verified{name, 1, file.status().size, {}, {}};
  const auto found = digest::hash(file);
  if (found != expected) {
    verified.problems.push_back(
        {store::Problem::Kind::changed, name, "sha256 " + expected.hex(), "sha256 " + found.hex()});
  }
  return verified;
}

// An archive anywhere: its digest is in the store's record of that name, or in "<file>.sha256" beside it.
Verified verify_named_archive(const store::Store& store, const std::filesystem::path& path) {
  const auto name = path.filename().string();
  const auto record = store.has_downloads() ? store.downloads().find_record(name) : std::nullopt;
  std::error_code ignored;
  const bool is_there = std::filesystem::exists(path, ignored);
  if (record)
    return verify_archive(is_there ? File::open(path) : store.downloads().directory().open_file(name), name,
                          record->sha256);
  const auto beside = path.string() + ".sha256";
  if (std::filesystem::exists(beside, ignored)) {
    if (const auto sha256 = digest::parse_checksum_file(read_text(beside, 4096)))
      return verify_archive(File::open(path), name, *sha256);
  }
  throw Error(
      ErrorKind::usage,
      fmt::format("cannot verify {}: the store has no record of it, and there is no {}.sha256 beside it",
                  printable(path), printable(name)))
      .with_hint("fetch it with `gopack fetch`, which proves and records it");
}

}  // namespace

bool is_archive_name(std::string_view what) {
  return what.ends_with(".zip") || what.ends_with(".tar.gz");
}

std::vector<Verified> verify(const Session& session, const std::string& what) {
  std::vector<Verified> verified;
  if (!what.empty()) {
    if (is_archive_name(what)) return {verify_named_archive(session.store, what)};
    const auto leased = lease_tree(session, what);
    return {verify_one(session, leased.tree)};
  }
  for (const auto& id : session.store.ids()) {
    if (const auto lease = session.store.lease(id, session.lock_patience, session.stop))
      verified.push_back(verify_one(session, {id, session.store.manifest(id)}));
  }
  if (auto beside = verify_beside(session.store)) verified.push_back(std::move(*beside));
  if (const auto lost = session.store.lost_current())
    verified.push_back({"current", 0, 0, {{store::Problem::Kind::missing, *lost, {}, {}}}, {}});
  if (session.store.has_downloads()) {
    for (const auto& archive : session.store.downloads().list_records()) {
      if (const auto file = session.store.downloads().directory().try_open_file(archive.file))
        verified.push_back(verify_archive(*file, archive.file, archive.sha256));
    }
  }
  return verified;
}

}  // namespace gopack::workflow
