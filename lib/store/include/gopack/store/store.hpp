// A store: a directory of content-hashed, read-only trees with an atomic pointer to the current one. A
// bundle is a store, too. Layout (docs/formats.md):
//   v_<hash>/ v_<hash>.json current downloads/ shared/ and .gopack/ (lock, history, staging)
#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "gopack/base/file.hpp"
#include "gopack/store/command_names.hpp"
#include "gopack/store/downloads.hpp"
#include "gopack/store/lock.hpp"
#include "gopack/store/pointer.hpp"
#include "gopack/tree/dir_writer.hpp"
#include "gopack/tree/manifest.hpp"

namespace gopack::store {

// full: what a command has published survives a power cut once the command has ended well (one syncfs
// before publication). fast: it survives a crash of the program, not of the machine.
enum class Durability { full, fast };

class Store;

// A tree in the making, in .gopack/staging of its store. commit() publishes; the destructor discards.
class Staging {
 public:
  Staging(Staging&&) = default;
  Staging& operator=(Staging&&) = delete;
  ~Staging();

  tree::DirWriter& writer() { return writer_; }
  const Dir& directory() const { return directory_; }  // what is written lies below "tree" in it
  // Publishes what was written as v_<hash>: manifest.files is filled in here. Order: everything flushed (see
  // Durability), directory renamed without replacing, store directory flushed, manifest written, store
  // directory flushed. A tree of that name that is there already stays, and is success: contents are the
  // same. One that is damaged (see Store::find_whole) is replaced. Throws Error (busy) while a command is
  // running in that one.
  tree::StoreId commit(tree::Manifest& manifest) &&;

 private:
  friend class Store;
  Staging(const Store& store, const Dir& parent, std::string name);
  void move_aside(const tree::StoreId& id) const;

  const Store* store_;
  Dir directory_;  // .gopack/staging/<name>
  std::string name_;
  tree::DirWriter writer_;
};

// Not for several threads at once. Everything that changes the store needs the lock: lock().
class Store {
 public:
  // An existing one, or any directory: nothing is created.
  static Store open(const std::filesystem::path& home);
  // Whether a store has been begun there: there is a .gopack or, in a copy that lost what is hidden, a
  // manifest.
  static bool is_at(const std::filesystem::path& home);
  // Creates what is missing; for commands that change the store.
  static Store ensure(const std::filesystem::path& home, Durability durability);

  // The same store, of whose commands hints speak in that way.
  Store with_names(CommandNames names) &&;
  // For hints: see CommandNames.
  std::string command(std::string_view words) const { return names_.command(words); }
  // For hints: what lays a damaged tree out anew.
  std::string anew() const;

  // Waits for another gopack up to `patience`. Throws Error: busy, interrupted, noroom as Lock does.
  Lock lock(std::chrono::milliseconds patience, const std::stop_token& stop = {}) const;

  // Trees whose manifest is there, sorted by id. Their directories may be lost.
  std::vector<tree::StoreId> known() const;
  bool knows(const tree::StoreId& id) const;
  // Trees whose directory and manifest are there, sorted by id.
  std::vector<tree::StoreId> ids() const;
  bool has(const tree::StoreId& id) const;
  // Throws Error: usage when there is no such tree; integrity when its manifest is damaged.
  tree::Manifest manifest(const tree::StoreId& id) const;
  // Of a known tree; nothing when it is not (any more). Throws Error (integrity).
  std::optional<tree::Manifest> find_manifest(const tree::StoreId& id) const;
  // The same of a tree whose manifest is in order and that lacks no file, as far as names and sizes tell.
  std::optional<tree::Manifest> find_whole(const tree::StoreId& id) const;
  // Of the manifest's text. Throws Error (failed) when there is none.
  digest::Sha256 manifest_digest(const tree::StoreId& id) const;
  // What `gopack prove` found out about the tree (v_<hash>.proof.json), if anything.
  std::optional<std::string> find_proof(const tree::StoreId& id) const;
  void put_proof(const tree::StoreId& id, std::string_view text) const;
  Dir open_tree(const tree::StoreId& id) const;
  // Throws Error (failed) when the store has no current tree.
  tree::StoreId require_current() const;
  // Trees that must stay, also without their directory or manifest: current, what the pointer names, and
  // where rollback goes unless its removal has begun.
  std::set<tree::StoreId> roots() const;
  // The path of what current names and the store lacks, where it has no manifest: the tree, or just that;
  // "current" where there are trees and no pointer names any.
  std::optional<std::string> lost_current() const;
  Pointer pointer() const { return {home_, state_ ? &*state_ : nullptr, names_}; }

  Staging stage() const;
  // The other way to a tree, for media that are slow or lose what is in a directory when it is renamed: its
  // files are written where they belong, beginning where an interrupted run ended, and the tree exists once
  // its manifest does. What is in find_unfinished() is unproved; begin() makes the directory, also in place
  // of what is none.
  std::optional<Dir> find_unfinished(const tree::StoreId& id) const;
  Dir begin(const tree::StoreId& id) const;
  // The caller has flushed and proved the files; the manifest appears by one rename.
  void publish(const tree::Manifest& manifest) const;
  // Keeps a tree from being removed, also by another gopack; nothing when there is no such tree (any more).
  // Needs no lock and, on a read-only store, writes nothing: it lies on the manifest. Waits, as lock() does,
  // for whoever is about to remove the tree.
  std::optional<Lease> lease(const tree::StoreId& id, std::chrono::milliseconds patience,
                             const std::stop_token& stop = {}) const;
  // The right to remove a known tree; nothing, or Error (busy), while somebody has a lease on it.
  std::optional<Lock> try_claim(const tree::StoreId& id) const;
  Lock claim(const tree::StoreId& id) const;
  // Removes a claimed tree; first its manifest gets the name v_<hash>.removed, last it goes: what is left
  // when `stop` or a crash interrupts that is a leftover.
  void remove(const tree::StoreId& id, const Lock& claim, const std::stop_token& stop = {}) const;
  // What an interrupted run left: staging, trees half removed, others without manifest but for roots(), files
  // half replaced; a tree before what tells that it is to go. Removed by gc.
  std::vector<std::string> leftovers() const;
  // Those of `wanted` trees stay, for begin().
  void remove_leftovers(const std::vector<tree::StoreId>& wanted = {},
                        const std::stop_token& stop = {}) const;

  // The store's downloads/, created when missing.
  Downloads downloads() const;
  bool has_downloads() const { return home_.find("downloads").has_value(); }

  const Dir& home() const { return home_; }
  const Dir& state() const { return *state_; }  // .gopack; only after ensure()
  std::filesystem::path path() const { return home_.path(); }
  bool durable() const { return durability_ == Durability::full; }

 private:
  bool has_lost_pointer() const;
  friend class Staging;
  Store(Dir home, std::optional<Dir> state, Durability durability)
      : home_(std::move(home)), state_(std::move(state)), durability_(durability) {}

  void finish_removal(const std::string& mark) const;
  bool is_leftover(const std::string& name, const std::set<tree::StoreId>& kept) const;

  Dir home_;
  std::optional<Dir> state_;  // .gopack
  Durability durability_;
  CommandNames names_;
};

}  // namespace gopack::store
