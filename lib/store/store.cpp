#include "gopack/store/store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "gopack/base/error.hpp"
#include "gopack/base/process.hpp"
#include "gopack/base/shell_word.hpp"
#include "gopack/release/index.hpp"
#include "gopack/store/verify.hpp"

namespace gopack::store {

namespace {

constexpr const char* kState = ".gopack";
constexpr const char* kStaging = "staging";
constexpr const char* kDownloads = "downloads";
constexpr const char* kRemoved = ".removed";
constexpr std::uint64_t kMaxManifest = 256ull << 20;

std::string manifest_name(const tree::StoreId& id) {
  return id.text() + ".json";
}

std::string proof_name(const tree::StoreId& id) {
  return id.text() + ".proof.json";
}

// The manifest of a tree that is being removed.
std::string removed_name(const tree::StoreId& id) {
  return id.text() + kRemoved;
}

// What use.sh works in, when that was killed.
bool is_of_killed_switch(std::string_view name) {
  constexpr std::string_view kPrefix = ".use.";
  if (!name.starts_with(kPrefix)) return false;
  int pid = 0;
  const auto* const end = name.data() + name.size();
  const auto [rest, code] = std::from_chars(name.data() + kPrefix.size(), end, pid);
  return code == std::errc() && rest == end && pid > 0 && !is_running(pid);
}

std::vector<std::string> names_in(const std::filesystem::path& directory) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(directory, ignored)) return {};
  return Dir::open(directory).names();
}

// What a release and its archives can be called, which the tree's module does not know.
void check_names(const tree::Manifest& manifest) {
  if (!release::Version::try_parse(manifest.release)) {
    throw Error(ErrorKind::integrity, fmt::format("cannot read the manifest: \"{}\" is not a release of Go",
                                                  printable(manifest.release)));
  }
  for (const auto& origin : manifest.origins) {
    if (release::is_archive_filename(origin.file)) continue;
    throw Error(ErrorKind::integrity, fmt::format("cannot read the manifest: \"{}\" is not an archive of Go",
                                                  printable(origin.file)));
  }
}

// fusefat does.
Error loses_what_is_renamed(const std::filesystem::path& path) {
  return Error(ErrorKind::noroom,
               fmt::format(
                   "cannot lay a tree out in {}: the filesystem loses what is in a directory that is renamed",
                   printable(path)))
      .with_hint("keep the store on a local disk, and `gopack bundle` onto this one");
}

}  // namespace

Store Store::open(const std::filesystem::path& home) {
  auto dir = Dir::open(home);
  std::optional<Dir> state;
  if (dir.find(kState)) state = dir.open_dir(kState);
  return {std::move(dir), std::move(state), Durability::full};
}

bool Store::is_at(const std::filesystem::path& home) {
  std::error_code ignored;
  if (std::filesystem::exists(home / kState, ignored)) return true;
  for (const auto& entry : std::filesystem::directory_iterator(home, ignored)) {
    if (entry.path().extension() == ".json" && tree::StoreId::is_valid(entry.path().stem().string()))
      return true;
  }
  return false;
}

Store Store::ensure(const std::filesystem::path& home, Durability durability) {
  auto dir = Dir::ensure(home);
  const bool is_new = !dir.find(kState);
  auto state = dir.ensure_dir(kState);
  // From now on it is enough to flush files and the directories they are in.
  if (is_new && durability == Durability::full) dir.sync_filesystem();
  return {std::move(dir), std::move(state), durability};
}

Store Store::with_names(CommandNames names) && {
  names_ = std::move(names);
  return std::move(*this);
}

std::string Store::anew() const {
  if (!names_.has_home()) return command("trim");
  return fmt::format("{}, in a bundle with `gopack bundle --target {}`", command("trim"),
                     shell_word(path().string()));
}

Lock Store::lock(std::chrono::milliseconds patience, const std::stop_token& stop) const {
  return Lock::acquire(*state_, "lock", patience, stop);
}

std::vector<tree::StoreId> Store::known() const {
  std::vector<tree::StoreId> ids;
  for (const auto& name : home_.names()) {
    const auto stem = name.substr(0, name.find('.'));
    if (tree::StoreId::is_valid(stem) && name == manifest_name(tree::StoreId(stem))) ids.emplace_back(stem);
  }
  return ids;
}

bool Store::knows(const tree::StoreId& id) const {
  return home_.find(manifest_name(id)).has_value();
}

std::vector<tree::StoreId> Store::ids() const {
  auto ids = known();
  std::erase_if(ids, [&](const tree::StoreId& id) { return !has(id); });
  return ids;
}

bool Store::has(const tree::StoreId& id) const {
  const auto status = home_.find(id.text());
  return status && status->type == FileType::directory && knows(id);
}

tree::Manifest Store::manifest(const tree::StoreId& id) const {
  auto manifest = has(id) ? find_manifest(id) : std::nullopt;
  if (manifest) return std::move(*manifest);
  throw Error(ErrorKind::usage, fmt::format("there is no tree {} in {}", id.text(), printable(path())))
      .with_hint(fmt::format("{} shows what is there", command("list")));
}

std::optional<tree::Manifest> Store::find_manifest(const tree::StoreId& id) const {
  const auto text = home_.find_text(manifest_name(id), kMaxManifest);
  if (!text) return std::nullopt;
  try {
    return in_context(fmt::format("reading {}", printable(path() / manifest_name(id))), [&] {
      auto manifest = tree::Manifest::from_json(*text, id);
      check_names(manifest);
      return manifest;
    });
  } catch (Error& error) {
    error.with_hint(
        fmt::format("the manifest is damaged: lay the tree out anew with {}, or take it out with {}", anew(),
                    command("remove " + id.text())));
    throw;
  }
}

std::optional<tree::Manifest> Store::find_whole(const tree::StoreId& id) const {
  if (!has(id)) return std::nullopt;
  try {
    auto manifest = find_manifest(id);
    if (!manifest) return std::nullopt;
    const auto problems = verify_tree(open_tree(id), manifest->files, Depth::names, 1, {});
    const bool is_whole = std::all_of(problems.begin(), problems.end(), [](const Problem& problem) {
      return problem.kind == Problem::Kind::foreign;
    });
    if (is_whole) return manifest;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::integrity) throw;
  }
  return std::nullopt;
}

digest::Sha256 Store::manifest_digest(const tree::StoreId& id) const {
  return digest::hash(home_.open_file(manifest_name(id)));
}

std::optional<std::string> Store::find_proof(const tree::StoreId& id) const {
  return home_.find_text(proof_name(id), kMaxManifest);
}

void Store::put_proof(const tree::StoreId& id, std::string_view text) const {
  home_.replace_text(proof_name(id), text, durable());
}

Dir Store::open_tree(const tree::StoreId& id) const {
  return home_.open_dir(id.text());
}

tree::StoreId Store::require_current() const {
  const auto current = pointer().current();
  if (!current) {
    throw Error(ErrorKind::failed, fmt::format("no tree is current in {}", printable(path())))
        .with_hint(
            fmt::format("lay one out with {}, or choose one with {}", command("trim"), command("use")));
  }
  return *current;
}

std::set<tree::StoreId> Store::roots() const {
  std::set<tree::StoreId> roots;
  if (const auto named = pointer().named()) roots.insert(*named);
  if (const auto current = pointer().current()) roots.insert(*current);
  const auto previous = pointer().previous();
  const bool is_leaving = previous && !knows(*previous) && home_.find(removed_name(*previous));
  if (previous && !is_leaving) roots.insert(*previous);
  return roots;
}

// Not where the first switch was cut off, nor where a file server shows the link as the directory it leads
// to.
bool Store::has_lost_pointer() const {
  const auto link = home_.find("current");
  if (known().empty() || (link && link->type == FileType::directory)) return false;
  return link || home_.find(kPointerText) || pointer().previous();
}

std::optional<std::string> Store::lost_current() const {
  const auto current = pointer().named();  // rather than the last switch, which launchers fall back to
  if (!current) return has_lost_pointer() ? std::optional<std::string>("current") : std::nullopt;
  if (knows(*current)) return std::nullopt;
  return home_.find(current->text()) ? manifest_name(*current) : current->text();
}

Staging Store::stage() const {
  const auto parent = state_->ensure_dir(kStaging);
  // One gopack at a time stages, so counting names is enough.
  for (int number = 1;; ++number) {
    auto name = std::to_string(number);
    if (parent.find(name)) continue;
    try {
      return {*this, parent, name};
    } catch (...) {
      parent.remove_tree(name);
      throw;
    }
  }
}

std::optional<Dir> Store::find_unfinished(const tree::StoreId& id) const {
  return knows(id) ? std::nullopt : home_.try_open_dir(id.text());
}

Dir Store::begin(const tree::StoreId& id) const {
  const auto there = home_.find(id.text());
  if (there && there->type != FileType::directory) home_.remove_file(id.text());
  auto dir = home_.ensure_dir(id.text());
  dir.set_mode(0755);
  return dir;
}

void Store::publish(const tree::Manifest& manifest) const {
  const auto id = manifest.id();
  home_.open_dir(id.text()).set_mode(0555);
  home_.replace_text(manifest_name(id), manifest.to_json(), durable());
}

std::optional<Lease> Store::lease(const tree::StoreId& id, std::chrono::milliseconds patience,
                                  const std::stop_token& stop) const {
  auto file = home_.try_open_file(manifest_name(id));
  if (!file) return std::nullopt;
  auto lease = Lease::take(std::move(*file), patience, stop);
  // It may have been removed, and even laid out again, while we waited.
  const auto now = home_.find(manifest_name(id));
  if (!now || now->inode != lease.status().inode || !has(id)) return std::nullopt;
  return lease;
}

std::optional<Lock> Store::try_claim(const tree::StoreId& id) const {
  // Open for writing, which locks on NFS ask for.
  return Lock::try_acquire(home_.open_or_create(manifest_name(id)));
}

Lock Store::claim(const tree::StoreId& id) const {
  if (auto claim = try_claim(id)) return std::move(*claim);
  throw Error(ErrorKind::busy, fmt::format("cannot remove or replace {} in {}: a command is running in it",
                                           id.text(), printable(path())))
      .with_hint("wait until `gopack bundle`, and what `gopack exec` has started, has ended");
}

void Store::remove(const tree::StoreId& id, const Lock& /*claim*/, const std::stop_token& stop) const {
  home_.rename(manifest_name(id), home_, removed_name(id));
  // After a power cut there must be no manifest beside half a tree.
  if (durable()) home_.sync();
  home_.remove_tree(id.text(), stop);
  home_.remove_file(proof_name(id));
  finish_removal(removed_name(id));
}

// The mark goes when nothing is left that it is about, after a power cut, too.
void Store::finish_removal(const std::string& mark) const {
  if (durable()) home_.sync();
  home_.remove_file(mark);
}

bool Store::is_leftover(const std::string& name, const std::set<tree::StoreId>& kept) const {
  if (Dir::find_replaced(name) || is_of_killed_switch(name)) return true;
  const auto stem = name.substr(0, name.find('.'));
  if (!tree::StoreId::is_valid(stem)) return false;
  const tree::StoreId id(stem);
  if (name == removed_name(id)) return true;
  if (name != stem && name != proof_name(id)) return false;
  return !knows(id) && !kept.contains(id);
}

std::vector<std::string> Store::leftovers() const {
  const auto kept = roots();
  std::vector<std::string> paths;
  if (state_ && state_->find(kStaging)) {
    for (const auto& name : state_->open_dir(kStaging).names())
      paths.push_back(fmt::format("{}/{}/{}", kState, kStaging, name));
  }
  for (const auto& name : home_.names()) {
    if (is_leftover(name, kept)) paths.push_back(name);
  }
  for (const std::string place : {".gopack", ".gopack/sumdb", "shared/gopath"}) {
    for (const auto& name : names_in(path() / place)) {
      if (Dir::find_replaced(name)) paths.push_back(fmt::format("{}/{}", place, name));
    }
  }
  return paths;
}

void Store::remove_leftovers(const std::vector<tree::StoreId>& wanted, const std::stop_token& stop) const {
  for (const auto& leftover : leftovers()) {
    const bool stays = std::any_of(wanted.begin(), wanted.end(),
                                   [&](const tree::StoreId& id) { return leftover == id.text(); });
    if (stays) continue;
    if (leftover.ends_with(kRemoved)) {
      finish_removal(leftover);
      continue;
    }
    const std::filesystem::path parts(leftover);
    Dir::open(path() / parts.parent_path()).remove_tree(parts.filename(), stop);
  }
}

Downloads Store::downloads() const {
  const bool is_new = !has_downloads();
  Downloads downloads(home_.ensure_dir(kDownloads), names_);
  if (is_new && durable()) home_.sync();
  return downloads;
}

Staging::Staging(const Store& store, const Dir& parent, std::string name)
    : store_(&store),
      directory_(parent.make_dir(name, 0700)),
      name_(std::move(name)),
      writer_(directory_.make_dir("tree")) {}

Staging::~Staging() {
  try {
    if (directory_.descriptor() >= 0) store_->state().open_dir(kStaging).remove_tree(name_);
  } catch (...) {
    // gc removes what could not be removed here.
  }
}

// A damaged tree, or what a crash has left between directory and manifest.
void Staging::move_aside(const tree::StoreId& id) const {
  const auto& home = store_->home();
  const auto claim = store_->knows(id) ? std::optional(store_->claim(id)) : std::nullopt;
  // Only a writable directory can be moved elsewhere.
  if (const auto dir = home.try_open_dir(id.text())) dir->set_mode(0755);
  home.rename(id.text(), directory_, "incomplete");
}

tree::StoreId Staging::commit(tree::Manifest& manifest) && {
  manifest.files = writer_.files();
  auto id = manifest.id();
  const auto& home = store_->home();
  writer_.seal();
  if (store_->durable()) directory_.sync_filesystem();
  if (home.find(id.text()) && !store_->find_whole(id)) move_aside(id);
  if (directory_.rename_no_replace("tree", home, id.text())) {
    const auto tree = home.open_dir(id.text());
    if (tree.names().empty() && !manifest.files.empty()) throw loses_what_is_renamed(store_->path());
    tree.set_mode(0555);
    if (store_->durable()) home.sync();  // after a power cut, too, there is no manifest without its tree
    home.replace_text(manifest_name(id), manifest.to_json(), store_->durable());
  }
  if (store_->durable()) home.sync();
  return id;
}

}  // namespace gopack::store
