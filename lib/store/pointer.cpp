#include "gopack/store/pointer.hpp"

#include <fmt/format.h>

#include <sstream>

#include "gopack/base/error.hpp"

namespace gopack::store {

namespace {

constexpr const char* kLink = "current";
constexpr const char* kText = "current.txt";
constexpr const char* kHistory = "history";
constexpr std::uint64_t kMaxPointer = 256;
constexpr std::uint64_t kMaxHistory = 64 << 10;
constexpr std::size_t kKeptSwitches = 100;
constexpr std::string_view kNone = "-";

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

}  // namespace

std::optional<tree::StoreId> Pointer::named() const {
  auto text = home_.find_link(kLink);
  if (text) text = plain_target(*text);
  const auto file = home_.find(kText);
  if (!text && file && file->size <= kMaxPointer) text = home_.find_text(kText, kMaxPointer);
  if (!text) return std::nullopt;
  while (text->ends_with('\n') || text->ends_with('\r')) text->pop_back();
  if (!tree::StoreId::is_valid(*text)) return std::nullopt;
  return tree::StoreId(*text);
}

std::optional<tree::StoreId> Pointer::current() const {
  auto told = named();
  if ((told && home_.find(told->text())) || state_ == nullptr) return told;
  const auto switches = parse_history(state_->find_text(kHistory, kMaxHistory).value_or(""));
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
  const auto switches = parse_history(state_->find_text(kHistory, kMaxHistory).value_or(""));
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
  if (!there && !home_.find(kText)) return;
  if ((link || !there) && named()) return;
  const auto found = link    ? fmt::format("{} leads to {}", kLink, printable(*link))
                     : there ? fmt::format("{} is no link", kLink)
                             : fmt::format("{} names none", kText);
  throw Error(ErrorKind::failed, fmt::format("cannot tell which tree is current in {}: {}, expected the name "
                                             "of a tree beside it",
                                             printable(home_.path()), found))
      .with_hint("choose the tree with `gopack use`, on the machine where the files lie");
}

// A file server may show the link as the directory that it leads to; launchers there follow it.
void Pointer::require_replaceable() const {
  const auto there = home_.find(kLink);
  if (!there || there->type == FileType::symlink) return;
  throw Error(ErrorKind::failed,
              fmt::format("cannot switch {}: it is no link that could be replaced from here",
                          printable(home_.path() / kLink)))
      .with_hint("switch on the machine where the files lie");
}

void Pointer::switch_to(const tree::StoreId& id, bool durable) const {
  require_replaceable();
  if (named() == id) return;
  const auto now = current();
  // History first: a crash in between leaves an entry that previous() does not look at.
  if (now != id) {  // else the pointer alone was lost
    auto switches = parse_history(state_->find_text(kHistory, kMaxHistory).value_or(""));
    switches.push_back({now ? now->text() : std::string(kNone), id.text()});
    state_->replace_text(kHistory, to_text(switches), durable);
  }
  try {
    point_to(id, durable);
  } catch (...) {
    // Only the flush can have failed, after the pointer had been replaced.
    go_back_to(now);
    throw;
  }
}

// After an error, which says more than another one on the way back.
void Pointer::go_back_to(const std::optional<tree::StoreId>& before) const noexcept {
  try {
    before ? point_to(*before, false) : clear();
  } catch (...) {
  }
}

void Pointer::point_to(const tree::StoreId& id, bool durable) const {
  const bool link = uses_link();
  if (home_.find(kText) || !link) home_.replace_text(kText, id.text() + "\n", durable);
  if (link) home_.replace_link(kLink, id.text(), durable);
}

void Pointer::clear() const {
  home_.remove_file(kLink);
  home_.remove_file(kText);
}

bool Pointer::uses_link() const {
  if (home_.find_link(kLink)) return true;
  return !home_.find(kText) && state_->can_link();
}

}  // namespace gopack::store
