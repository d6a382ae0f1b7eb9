// A store: a directory of content-hashed, read-only trees with an atomic pointer to the current one. A
// bundle is a store, too. Layout (docs/formats.md):
//   v_<hash>/ v_<hash>.json current downloads/ shared/ and .gopack/ (lock, history, staging)
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
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
// Whether new trees share the files that other trees have (shared_files.hpp), where the filesystem can.
enum class Linking { automatic, never };

// How a store is written.
struct Writing {
  Durability durability = Durability::full;
  Linking linking = Linking::automatic;
};

class Store;
class Trees;
class Removal;

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
  // same. One that is damaged (see Trees::find_whole) is replaced. Throws Error (busy) while a command is
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

// The directory, its lock and its pointer; what is in its trees is Trees' business (trees.hpp), what leaves
// it Removal's (removal.hpp). Not thread-safe. Everything that changes the store needs the lock: lock().
class Store {
 public:
  // An existing one, or any directory: nothing is created.
  static Store open(const std::filesystem::path& home, const Writing& writing = {});
  // Whether a store has been begun there: there is a .gopack or, in a copy that lost what is hidden, a
  // manifest.
  static bool is_at(const std::filesystem::path& home);
  // Creates what is missing; for commands that change the store.
  static Store ensure(const std::filesystem::path& home, const Writing& writing);

  // The same store, of whose commands hints speak in that way.
  Store with_names(CommandNames names) &&;
  // For hints: see CommandNames.
  std::string command(std::string_view words) const { return names_.command(words); }
  // For hints: what lays a damaged tree out anew.
  std::string anew() const;

  // Waits for another gopack up to `patience`. Throws Error: busy, interrupted, noroom as Lock does.
  Lock lock(std::chrono::milliseconds patience, const std::stop_token& stop = {}) const;

  Pointer pointer() const { return {home_, state_ ? &*state_ : nullptr, names_}; }

  Staging stage() const;
  // Keeps a tree from being removed, also by another gopack; nothing when there is no such tree (any more).
  // Needs no lock and, on a read-only store, writes nothing: it lies on the manifest. Waits, as lock() does,
  // for whoever is about to remove the tree.
  std::optional<Lease> lease(const tree::StoreId& id, std::chrono::milliseconds patience,
                             const std::stop_token& stop = {}) const;
  // What has to stay with it: both look at this store, and are used up with it.
  Trees trees() const;
  Removal removal() const;

  // The store's downloads/, created when missing.
  Downloads downloads() const;
  bool has_downloads() const { return home_.find("downloads").has_value(); }

  const Dir& home() const { return home_; }
  bool has_state() const { return state_.has_value(); }
  const Dir& state() const;  // .gopack; throws Error (failed) when the store lacks it
  std::filesystem::path path() const { return home_.path(); }
  bool durable() const { return writing_.durability == Durability::full; }
  const Writing& writing() const { return writing_; }

 private:
  friend class Staging;
  Store(Dir home, std::optional<Dir> state, const Writing& writing)
      : home_(std::move(home)), state_(std::move(state)), writing_(writing) {}

  Dir home_;
  std::optional<Dir> state_;  // .gopack
  Writing writing_;
  CommandNames names_;
};

}  // namespace gopack::store
