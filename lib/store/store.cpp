#include "gopack/store/store.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gopack/base/error.hpp"
#include "gopack/base/filesystem.hpp"
#include "gopack/base/replace.hpp"
#include "gopack/base/shell_word.hpp"
#include "gopack/store/removal.hpp"
#include "gopack/store/trees.hpp"
#include "names.hpp"

namespace gopack::store {

namespace {

// fusefat does.
Error loses_what_is_renamed(const std::filesystem::path& path) {
  return Error(ErrorKind::noroom,
               fmt::format(
                   "cannot lay a tree out in {}: the filesystem loses what is in a directory that is renamed",
                   printable(path)))
      .with_hint("keep the store on a local disk, and `gopack bundle` onto this one");
}

}  // namespace

Store Store::open(const std::filesystem::path& home, const Writing& writing) {
  auto dir = Dir::open(home);
  std::optional<Dir> state;
  if (dir.find(kState)) state = dir.open_dir(kState);
  return {std::move(dir), std::move(state), writing};
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

Store Store::ensure(const std::filesystem::path& home, const Writing& writing) {
  auto dir = Dir::ensure(home);
  const bool is_new = !dir.find(kState);
  auto state = dir.ensure_dir(kState);
  // From now on it is enough to flush files and the directories they are in.
  if (is_new && writing.durability == Durability::full) sync_filesystem(dir);
  return {std::move(dir), std::move(state), writing};
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

const Dir& Store::state() const {
  if (state_) return *state_;
  throw Error(ErrorKind::failed, fmt::format("there is no store in {}", printable(path())))
      .with_hint(fmt::format("{} begins one", command("fetch")));
}

Lock Store::lock(std::chrono::milliseconds patience, const std::stop_token& stop) const {
  return Lock::acquire(state(), "lock", patience, stop);
}

Staging Store::stage() const {
  const auto parent = state().ensure_dir(kStaging);
  // One gopack at a time stages, so counting names is enough.
  for (int number = 1;; ++number) {
    auto name = std::to_string(number);
    if (parent.find(name)) continue;
    try {
      return {*this, parent, name};
    } catch (...) {
      remove_tree(parent, name);
      throw;
    }
  }
}

std::optional<Lease> Store::lease(const tree::StoreId& id, std::chrono::milliseconds patience,
                                  const std::stop_token& stop) const {
  auto file = home_.try_open_file(manifest_name(id));
  if (!file) return std::nullopt;
  auto lease = Lease::take(std::move(*file), patience, stop);
  // It may have been removed, and even laid out again, while we waited.
  const auto now = home_.find(manifest_name(id));
  if (!now || now->inode != lease.status().inode || !trees().is_complete(id)) return std::nullopt;
  return lease;
}

Trees Store::trees() const {
  return Trees(*this);
}

Removal Store::removal() const {
  return Removal(*this);
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
  if (directory_.descriptor() < 0) return;
  {
    // What is open would hold it on some filesystems of Windows.
    const auto closed_writer = std::move(writer_);
    const auto closed = std::move(directory_);
  }
  try {
    remove_tree(store_->state().open_dir(kStaging), name_);
  } catch (...) {
    // gc removes what could not be removed here.
  }
}

// A damaged tree, or what a crash has left between directory and manifest.
void Staging::move_aside(const tree::StoreId& id) const {
  const auto& home = store_->home();
  const auto claim = store_->trees().is_known(id) ? std::optional(store_->removal().claim(id)) : std::nullopt;
  // Only a writable directory can be moved elsewhere.
  if (const auto dir = home.try_open_dir(id.text())) dir->set_mode(0755);
  home.rename(id.text(), directory_, "incomplete");
}

tree::StoreId Staging::commit(tree::Manifest& manifest) && {
  manifest.files = writer_.files();
  auto id = manifest.id();
  const auto& home = store_->home();
  writer_.seal();
  if (store_->durable()) sync_filesystem(directory_);
  if (home.find(id.text()) && !store_->trees().find_whole(id)) move_aside(id);
  if (directory_.rename_no_replace("tree", home, id.text())) {
    const auto tree = home.open_dir(id.text());
    if (tree.names().empty() && !manifest.files.empty()) throw loses_what_is_renamed(store_->path());
    tree.set_mode(0555);
    if (store_->durable()) home.sync();  // after a power cut, too, there is no manifest without its tree
    replace_text(home, manifest_name(id), manifest.to_json(), store_->durable());
  }
  if (store_->durable()) home.sync();
  return id;
}

}  // namespace gopack::store
