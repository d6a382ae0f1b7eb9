#include "gopack/store/removal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "gopack/base/error.hpp"
#include "gopack/base/process.hpp"
#include "gopack/base/replace.hpp"
#include "gopack/store/trees.hpp"
#include "names.hpp"

namespace gopack::store {

namespace {

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

}  // namespace

std::set<tree::StoreId> Removal::roots() const {
  std::set<tree::StoreId> roots;
  if (const auto named = store_.pointer().named()) roots.insert(*named);
  if (const auto current = store_.pointer().current()) roots.insert(*current);
  const auto previous = store_.pointer().previous();
  const bool is_leaving =
      previous && !store_.trees().is_known(*previous) && store_.home().find(removed_name(*previous));
  if (previous && !is_leaving) roots.insert(*previous);
  return roots;
}

std::optional<Lock> Removal::try_claim(const tree::StoreId& id) const {
  // Open for writing, which locks on NFS ask for.
  return Lock::try_acquire(store_.home().open_or_create(manifest_name(id)));
}

Lock Removal::claim(const tree::StoreId& id) const {
  if (auto claim = try_claim(id)) return std::move(*claim);
  throw Error(ErrorKind::busy, fmt::format("cannot remove or replace {} in {}: a command is running in it",
                                           id.text(), printable(store_.path())))
      .with_hint("wait until `gopack bundle`, and what `gopack exec` has started, has ended");
}

void Removal::remove(const tree::StoreId& id, const Lock& /*claim*/, const std::stop_token& stop) const {
  store_.home().rename(manifest_name(id), store_.home(), removed_name(id));
  // After a power cut there must be no manifest beside half a tree.
  if (store_.durable()) store_.home().sync();
  remove_tree(store_.home(), id.text(), stop);
  store_.home().remove_file(proof_name(id));
  finish(removed_name(id));
}

// The mark goes when nothing is left that it is about, also after a power cut.
void Removal::finish(const std::string& mark) const {
  if (store_.durable()) store_.home().sync();
  store_.home().remove_file(mark);
}

bool Removal::is_leftover(const std::string& name, const std::set<tree::StoreId>& kept) const {
  if (find_replaced(name) || is_of_killed_switch(name)) return true;
  const auto stem = name.substr(0, name.find('.'));
  if (!tree::StoreId::is_valid(stem)) return false;
  const tree::StoreId id(stem);
  if (name == removed_name(id)) return true;
  if (name != stem && name != proof_name(id)) return false;
  return !store_.trees().is_known(id) && !kept.contains(id);
}

std::vector<std::string> Removal::leftovers() const {
  const auto kept = roots();
  std::vector<std::string> paths;
  if (store_.has_state() && store_.state().find(kStaging)) {
    for (const auto& name : store_.state().open_dir(kStaging).names())
      paths.push_back(fmt::format("{}/{}/{}", kState, kStaging, name));
  }
  if (store_.has_state() && store_.state().find(kIncoming))
    paths.push_back(fmt::format("{}/{}", kState, kIncoming));
  for (const auto& name : store_.home().names()) {
    if (is_leftover(name, kept)) paths.push_back(name);
  }
  for (const std::string place : {".gopack", ".gopack/sumdb", "shared/gopath"}) {
    for (const auto& name : names_in(store_.path() / place)) {
      if (find_replaced(name)) paths.push_back(fmt::format("{}/{}", place, name));
    }
  }
  return paths;
}

void Removal::remove_leftovers(const std::vector<tree::StoreId>& wanted, const std::stop_token& stop) const {
  for (const auto& leftover : leftovers()) {
    const bool stays = std::any_of(wanted.begin(), wanted.end(),
                                   [&](const tree::StoreId& id) { return leftover == id.text(); });
    if (stays) continue;
    if (leftover.ends_with(kRemoved)) {
      finish(leftover);
      continue;
    }
    const std::filesystem::path parts(leftover);
    remove_tree(Dir::open(store_.path() / parts.parent_path()), parts.filename().string(), stop);
  }
}

}  // namespace gopack::store
