// `current`: which tree a store's launchers use, and the history of switches.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gopack/base/file.hpp"
#include "gopack/store/command_names.hpp"
#include "gopack/tree/manifest.hpp"

namespace gopack::store {

// The pointer where it is a text file.
inline constexpr const char* kPointerText = "current.txt";

enum class PointerKind { link, text };

// What decides on the kind of a pointer.
struct PointerReaders {
  bool windows_reads = false;   // the filesystem is one that Windows reads, where a link may be a file to it
  bool windows_starts = false;  // launchers for Windows lie there, and a tree that they start
  bool has_links = true;        // the filesystem has symbolic links
  bool has_text = false;        // the pointer is a text file already, and no link is there
};
PointerKind choose_pointer(const PointerReaders& readers);

// Both texts of a store that is written as a whole, which is to start `id`: their paths below it, and what
// they say.
struct PointerText {
  std::string path;
  std::string text;
};
std::vector<PointerText> first_pointer(const tree::StoreId& id);

// A symbolic link `current`, or a text file `current.txt` that holds the name, which everybody can read. Both
// may be there, in a bundle that is older or was copied: the link then counts, and the next switch leaves one
// of them.
class Pointer {
 public:
  // `home` is the store's directory, `state` its ".gopack".
  Pointer(const Dir& home, const Dir* state, CommandNames names = {})
      : home_(home), state_(state), names_(std::move(names)) {}

  // What the pointer says or, where that is no tree that is there, what the newest switch says that names
  // one: the launchers' rule. Nothing when neither says the name of a tree.
  std::optional<tree::StoreId> current() const;
  // What the pointer says, whether or not that tree is there.
  std::optional<tree::StoreId> named() const;
  // Throws Error (failed) when there is a pointer that names no tree: what launchers make of it is not known.
  void require_understood() const;
  // What rollback goes back to: the `from` of the last recorded switch to the current tree.
  std::optional<tree::StoreId> previous() const;
  // Records the switch, then replaces the pointer by one rename; a pointer that was lost is written anew.
  // With `durable` it has survived a power cut when this returns. When it throws, the pointer is what it was.
  // Also mends the kind of the pointer. There is no moment without one.
  void switch_to(const tree::StoreId& id, bool durable) const;
  // Takes the pointer away (when the last tree is removed).
  void clear() const;
  void go_back_to(const std::optional<tree::StoreId>& before, PointerKind kind) const noexcept;

 private:
  PointerKind wanted_kind() const;
  bool is_exactly(const tree::StoreId& id, PointerKind kind) const;
  void point_to(const tree::StoreId& id, PointerKind kind, bool durable) const;
  bool has_foreign_link() const;
  void require_replaceable() const;

  const Dir& home_;
  const Dir* state_;  // null in a read-only store without one
  CommandNames names_;
};

}  // namespace gopack::store
