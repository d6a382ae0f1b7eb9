#include "gopack/store/trees.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gopack/base/error.hpp"
#include "gopack/base/replace.hpp"
#include "gopack/release/index.hpp"
#include "gopack/store/verify.hpp"
#include "names.hpp"

namespace gopack::store {

namespace {

// Not where the first switch was cut off, nor where a file server shows the link as the directory it leads
// to.
bool has_lost_pointer(const Store& store) {
  const auto link = store.home().find("current");
  if (store.trees().known().empty() || (link && link->type == FileType::directory)) return false;
  return link || store.home().find(kPointerText) || store.pointer().previous();
}

}  // namespace

void check_names(const tree::Manifest& manifest) {
  const auto refuse = [](const std::string& text, const char* what) {
    throw Error(ErrorKind::integrity,
                fmt::format("cannot read the manifest: \"{}\" is not {}", printable(text), what));
  };
  if (!release::Version::try_parse(manifest.release)) refuse(manifest.release, "a release of Go");
  for (const auto& origin : manifest.origins) {
    if (!release::is_archive_filename(origin.file)) refuse(origin.file, "an archive of Go");
    if (!release::Platform::try_parse(origin.platform)) refuse(origin.platform, "a platform of Go");
  }
}

tree::Manifest parse_manifest(std::string_view text, const tree::StoreId& id) {
  auto manifest = tree::Manifest::from_json(text, id);
  check_names(manifest);
  return manifest;
}

std::vector<tree::StoreId> Trees::known() const {
  std::vector<tree::StoreId> ids;
  for (const auto& name : store_.home().names()) {
    const auto stem = name.substr(0, name.find('.'));
    if (tree::StoreId::is_valid(stem) && name == manifest_name(tree::StoreId(stem))) ids.emplace_back(stem);
  }
  return ids;
}

bool Trees::is_known(const tree::StoreId& id) const {
  return store_.home().find(manifest_name(id)).has_value();
}

std::vector<tree::StoreId> Trees::published() const {
  auto ids = known();
  std::erase_if(ids, [&](const tree::StoreId& id) { return !is_complete(id); });
  return ids;
}

bool Trees::is_complete(const tree::StoreId& id) const {
  const auto status = store_.home().find(id.text());
  return status && status->type == FileType::directory && is_known(id);
}

tree::Manifest Trees::manifest(const tree::StoreId& id) const {
  auto manifest = is_complete(id) ? find_manifest(id) : std::nullopt;
  if (manifest) return std::move(*manifest);
  throw Error(ErrorKind::usage, fmt::format("there is no tree {} in {}", id.text(), printable(store_.path())))
      .with_hint(fmt::format("{} shows what is there", store_.command("list")));
}

std::optional<tree::Manifest> Trees::find_manifest(const tree::StoreId& id) const {
  const auto text = find_text(store_.home(), manifest_name(id), kMaxManifest);
  if (!text) return std::nullopt;
  try {
    return in_context(fmt::format("reading {}", printable(store_.path() / manifest_name(id))),
                      [&] { return parse_manifest(*text, id); });
  } catch (Error& error) {
    error.with_hint(
        fmt::format("the manifest is damaged: lay the tree out anew with {}, or take it out with {}",
                    store_.anew(), store_.command("remove " + id.text())));
    throw;
  }
}

std::optional<tree::Manifest> Trees::find_whole(const tree::StoreId& id) const {
  if (!is_complete(id)) return std::nullopt;
  try {
    auto manifest = find_manifest(id);
    if (!manifest) return std::nullopt;
    const auto problems = verify_tree(open(id), manifest->files, Depth::names, 1, {});
    const bool is_whole = std::all_of(problems.begin(), problems.end(), [](const Problem& problem) {
      return problem.kind == Problem::Kind::foreign;
    });
    if (is_whole) return manifest;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::integrity) throw;
  }
  return std::nullopt;
}

digest::Sha256 Trees::manifest_digest(const tree::StoreId& id) const {
  return digest::hash(store_.home().open_file(manifest_name(id)));
}

std::optional<std::string> Trees::find_proof(const tree::StoreId& id) const {
  return find_text(store_.home(), proof_name(id), kMaxManifest);
}

void Trees::put_proof(const tree::StoreId& id, std::string_view text) const {
  replace_text(store_.home(), proof_name(id), text, store_.durable());
}

Dir Trees::open(const tree::StoreId& id) const {
  return store_.home().open_dir(id.text());
}

std::optional<Dir> Trees::find_unfinished(const tree::StoreId& id) const {
  return is_known(id) ? std::nullopt : store_.home().try_open_dir(id.text());
}

Dir Trees::begin(const tree::StoreId& id) const {
  const auto existing = store_.home().find(id.text());
  if (existing && existing->type != FileType::directory) store_.home().remove_file(id.text());
  auto dir = store_.home().ensure_dir(id.text());
  dir.set_mode(0755);
  return dir;
}

void Trees::publish(const tree::Manifest& manifest) const {
  const auto id = manifest.id();
  store_.home().open_dir(id.text()).set_mode(0555);
  replace_text(store_.home(), manifest_name(id), manifest.to_json(), store_.durable());
}

std::optional<std::string> lost_current(const Store& store) {
  const auto current = store.pointer().named();  // rather than the last switch, which launchers fall back to
  if (!current) return has_lost_pointer(store) ? std::optional<std::string>("current") : std::nullopt;
  if (store.trees().is_known(*current)) return std::nullopt;
  return store.home().find(current->text()) ? manifest_name(*current) : current->text();
}

}  // namespace gopack::store
