#include "gopack/workflow/verify.hpp"

#include <fmt/format.h>

#include "gopack/base/error.hpp"
#include "gopack/digest/sha256.hpp"

namespace gopack::workflow {

namespace {

Verified verify_one(const Session& session, const Tree& tree) {
  return {tree.id.text(), tree.manifest.files.size(), tree.manifest.bytes(),
          store::verify_tree(session.store.open_tree(tree.id), tree.manifest.files, store::Depth::contents, session.jobs, session.stop)};
}

Verified verify_archive(const Session& session, const store::Archive& archive) {
  Verified verified{archive.file, 1, archive.bytes, {}};
  const auto found = digest::hash(session.store.downloads().directory().open_file(archive.file));
  if (found != archive.sha256) {
    verified.problems.push_back(
        {store::Problem::Kind::changed, archive.file, "sha256 " + archive.sha256.hex(), "sha256 " + found.hex()});
  }
  return verified;
}

// The text names an archive of downloads/ by its file name or its path.
std::optional<store::Archive> find_archive(const store::Store& store, const std::string& text) {
  if (!store.has_downloads()) return std::nullopt;
  const auto name = std::filesystem::path(text).filename().string();
  if (!name.ends_with(".zip") && !name.ends_with(".tar.gz")) return std::nullopt;
  return store.downloads().find(name);
}

}  // namespace

std::vector<Verified> verify(const Session& session, const std::string& what) {
  std::vector<Verified> verified;
  if (!what.empty()) {
    if (const auto archive = find_archive(session.store, what)) return {verify_archive(session, *archive)};
    return {verify_one(session, choose_tree(session.store, what))};
  }
  for (const auto& id : session.store.ids()) verified.push_back(verify_one(session, {id, session.store.manifest(id)}));
  if (session.store.has_downloads()) {
    for (const auto& archive : session.store.downloads().list()) verified.push_back(verify_archive(session, archive));
  }
  return verified;
}

}  // namespace gopack::workflow
