#include "gopack/store/pointer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "gopack/base/error.hpp"
#include "gopack/base/mount.hpp"
#include "gopack/base/replace.hpp"
#include "names.hpp"

namespace gopack::store {

namespace {

constexpr const char* kLink = "current";
constexpr const char* kHistory = "history";
constexpr std::uint64_t kMaxPointer = 256;
constexpr std::uint64_t kMaxHistory = 64 << 10;
constexpr std::size_t kKeptSwitches = 100;
constexpr std::string_view kNone = "-";
constexpr const char* kWindowsLauncher = "go.bat";

struct Switch {
  std::string from;  // kNone for the first one
  std::string to;
};

std::vector<Switch> parse_history(const std::string& text) {
  std::vector<Switch> switches;
  std::istringstream lines(text);
  for (Switch entry; lines >> entry.from >> entry.to;) switches.push_back(entry);
  return switches;
}

std::string to_text(const std::vector<Switch>& switches) {
  std::string text;
  const auto first = switches.size() > kKeptSwitches ? switches.size() - kKeptSwitches : 0;
  for (auto i = first; i < switches.size(); ++i)
    text += fmt::format("{} {}\n", switches[i].from, switches[i].to);
  return text;
}

// A link may say "./v_1234567890abcdef/" and leads to the same tree.
std::string plain_target(std::string target) {
  if (target.starts_with("./")) target.erase(0, 2);
  if (target.ends_with('/')) target.pop_back();
  return target;
}

// Whether the tree has programs for Windows.
bool is_for_windows(const Dir& home, const std::string& tree) {
  auto directory = home.try_open_dir(tree);
  for (const auto* below : {"pkg", "tool"}) {
    if (directory) directory = directory->try_open_dir(below);
  }
  if (!directory) return false;
  const auto platforms = directory->names();
  return std::any_of(platforms.begin(), platforms.end(),
                     [](const std::string& name) { return name.starts_with("windows_"); });
}

bool is_started_by_windows(const Dir& home) {
  if (!home.find(kWindowsLauncher)) return false;
  const auto names = home.names();
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    return tree::StoreId::is_valid(name) && is_for_windows(home, name);
  });
}

}  // namespace

PointerKind choose_pointer(const PointerReaders& readers) {
  const bool text = readers.windows_reads || readers.windows_starts || !readers.has_links || readers.has_text;
  return text ? PointerKind::text : PointerKind::link;
}

std::vector<PointerText> first_pointer(const tree::StoreId& id) {
  return {{kPointerText, id.text() + "\n"},
          {fmt::format("{}/{}", kState, kHistory), to_text({{std::string(kNone), id.text()}})}};
}

std::optional<tree::StoreId> Pointer::named() const {
  auto text = home_.find_link(kLink);
  if (text) text = plain_target(*text);
  const auto file = home_.find(kPointerText);
  if (!text && file && file->size <= kMaxPointer) text = find_text(home_, kPointerText, kMaxPointer);
  if (!text) return std::nullopt;
  while (text->ends_with('\n') || text->ends_with('\r')) text->pop_back();
  if (!tree::StoreId::is_valid(*text)) return std::nullopt;
  return tree::StoreId(*text);
}

std::optional<tree::StoreId> Pointer::current() const {
  auto told = named();
  if ((told && home_.find(told->text())) || state_ == nullptr) return told;
  const auto switches = parse_history(find_text(*state_, kHistory, kMaxHistory).value_or(""));
  for (auto it = switches.rbegin(); it != switches.rend(); ++it) {
    for (const auto& name : {it->to, it->from}) {
      if (tree::StoreId::is_valid(name) && home_.find(name)) return tree::StoreId(name);
    }
  }
  return told;
}

std::optional<tree::StoreId> Pointer::previous() const {
  const auto now = current();
  if (!now || state_ == nullptr) return std::nullopt;
  const auto switches = parse_history(find_text(*state_, kHistory, kMaxHistory).value_or(""));
  for (auto it = switches.rbegin(); it != switches.rend(); ++it) {
    if (it->to != now->text()) continue;
    if (!tree::StoreId::is_valid(it->from)) return std::nullopt;
    return tree::StoreId(it->from);
  }
  return std::nullopt;
}

void Pointer::require_understood() const {
  const auto there = home_.find(kLink);
  const auto link = home_.find_link(kLink);
  if (!there && !home_.find(kPointerText)) return;
  if ((link || !there || has_foreign_link()) && named()) return;
  const auto found = link    ? fmt::format("{} leads to {}", kLink, printable(*link))
                     : there ? fmt::format("{} is not a link", kLink)
                             : fmt::format("{} does not name one", kPointerText);
  throw Error(ErrorKind::failed, fmt::format("cannot tell which tree is current in {}: {}, expected the name "
                                             "of a tree beside it",
                                             printable(home_.path()), found))
      .with_hint(fmt::format("choose the tree with {}, on the machine where the files lie",
                             names_.command("use v_…")));
}

// A link that another system has made on this medium: to this one a file.
bool Pointer::has_foreign_link() const {
  constexpr std::uint64_t kLargestLink = 16 << 10;
  const auto there = home_.find(kLink);
  if (!there || there->type != FileType::file || there->size > kLargestLink) return false;
  const auto text = find_text(home_, kLink, kLargestLink).value_or("");
  return text.starts_with("IntxLNK\x01")  // of ntfs-3g
         || text.starts_with(
                "XSym\n");  // of macOS on FAT and exFAT, and of shares that are mounted with mfsymlinks
}

// A file server may show the link as the directory that it leads to; launchers there follow it.
void Pointer::require_replaceable() const {
  const auto there = home_.find(kLink);
  if (!there || there->type == FileType::symlink || has_foreign_link()) return;
  throw Error(ErrorKind::failed,
              fmt::format("cannot switch {}: it is not a link that could be replaced from here",
                          printable(home_.path() / kLink)))
      .with_hint("switch on the machine where the files lie");
}

void Pointer::switch_to(const tree::StoreId& id, bool durable) const {
  require_replaceable();
  const auto kind = wanted_kind();
  if (is_exactly(id, kind)) return;
  const auto now = current();
  // History first: a crash in between leaves an entry that previous() does not look at.
  if (now != id) {  // else the pointer alone was lost
    auto switches = parse_history(find_text(*state_, kHistory, kMaxHistory).value_or(""));
    switches.push_back({now ? now->text() : std::string(kNone), id.text()});
    replace_text(*state_, kHistory, to_text(switches), durable);
  }
  try {
    point_to(id, kind, durable);
  } catch (...) {
    // Only the flush can have failed, after the pointer had been replaced.
    go_back_to(now, kind);
    throw;
  }
}

// After an error, which says more than another one on the way back.
void Pointer::go_back_to(const std::optional<tree::StoreId>& before, PointerKind kind) const noexcept {
  try {
    before ? point_to(*before, kind, false) : clear();
  } catch (...) {
  }
}

// Readers take a link before a text: whichever call is the last one to change what they find switches.
void Pointer::point_to(const tree::StoreId& id, PointerKind kind, bool durable) const {
  if (kind == PointerKind::text) replace_text(home_, kPointerText, id.text() + "\n", durable);
  if (kind == PointerKind::link) replace_link(home_, kLink, id.text(), durable);
  const std::string other = kind == PointerKind::text ? kLink : kPointerText;
  if (!home_.find(other)) return;
  home_.remove_file(other);
  if (durable) home_.sync();
}

void Pointer::clear() const {
  home_.remove_file(kLink);
  home_.remove_file(kPointerText);
}

// Whether the pointer says this tree in the way that every reader takes, and is of this kind alone.
bool Pointer::is_exactly(const tree::StoreId& id, PointerKind kind) const {
  if (kind == PointerKind::link) return home_.find_link(kLink) == id.text() && !home_.find(kPointerText);
  const auto text = home_.find(kPointerText) ? find_text(home_, kPointerText, kMaxPointer) : std::nullopt;
  return (text == id.text() + "\n" || text == id.text() + "\r\n") && !home_.find(kLink);
}

PointerKind Pointer::wanted_kind() const {
  const bool has_link = home_.find_link(kLink).has_value();
  return choose_pointer({.windows_reads = is_read_by_windows(mount_of(home_).type),
                         .windows_starts = is_started_by_windows(home_),
                         .has_links = has_link || can_link(*state_),
                         .has_text = !has_link && home_.find(kPointerText)});
}

}  // namespace gopack::store
