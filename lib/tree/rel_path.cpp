#include "gopack/tree/rel_path.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gopack/base/error.hpp"
#include "gopack/base/utf8.hpp"
#include "gopack/base/windows_name.hpp"
#include "unicode.hpp"

namespace gopack::tree {

namespace {

constexpr std::size_t kMaxPath = 1024;
constexpr std::size_t kMaxComponent = 255;

std::optional<std::string> find_character_fault(std::string_view text) {
  // Nearly all of them.
  if (std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; })) return std::nullopt;
  bool is_ascii = true;
  for (auto rest = text; !rest.empty();) {
    const bool is_plain = rest[0] >= ' ' && rest[0] <= '~';
    const auto length = is_plain ? 1 : utf8_length(rest);
    if (length == 0) return "it is not valid UTF-8";
    const auto sequence = rest.substr(0, length);
    if (!is_plain && is_invisible(sequence)) return "it contains a control or invisible character";
    if (!is_plain && !is_letter(sequence))
      return fmt::format("it contains {}, which is not a letter", sequence);
    is_ascii = is_ascii && is_plain;
    rest.remove_prefix(length);
  }
  if (!is_ascii && !is_composed(text)) return "it is not in Unicode's normal form C";
  return std::nullopt;
}

bool is_forbidden(char c) {
  switch (c) {
    case '"':
    case '\'':
    case '*':
    case '<':
    case '>':
    case '?':
    case '`':
    case '|':
    case '\\':
    case ':':
    case ';':
      return true;
    default:
      return false;
  }
}

std::optional<std::string> find_component_fault(std::string_view component) {
  if (component.empty()) return "a component is empty";
  if (component == "." || component == "..") return fmt::format("a component is \"{}\"", component);
  if (component.size() > kMaxComponent)
    return fmt::format("a component is longer than {} bytes", kMaxComponent);
  if (component.back() == '.' || component.back() == ' ') return "a component ends with a dot or a blank";
  const auto forbidden = std::find_if(component.begin(), component.end(), is_forbidden);
  if (forbidden != component.end()) return fmt::format("it contains {}", *forbidden);
  if (is_device_name(component)) return fmt::format("{} is reserved by Windows", component);
  return std::nullopt;
}

}  // namespace

std::optional<std::string> RelPath::find_fault(std::string_view text) {
  if (text.empty()) return "it is empty";
  if (text.front() == '/') return "it is absolute";
  if (text.size() > kMaxPath) return fmt::format("it is longer than {} bytes", kMaxPath);
  if (auto fault = find_character_fault(text)) return fault;
  for (std::size_t start = 0;;) {
    const auto end = text.find('/', start);
    if (auto fault = find_component_fault(text.substr(start, end - start))) return fault;
    if (end == std::string_view::npos) return std::nullopt;
    start = end + 1;
  }
}

RelPath::RelPath(std::string_view text) : text_(text) {
  if (const auto fault = find_fault(text)) {
    throw Error(ErrorKind::unsafe, fmt::format("cannot accept the path \"{}\": {}", printable(text), *fault));
  }
}

std::optional<RelPath> RelPath::try_parse(std::string_view text) {
  if (find_fault(text)) return std::nullopt;
  RelPath path;
  path.text_ = text;
  return path;
}

std::string_view RelPath::name() const {
  const auto slash = text_.rfind('/');
  return std::string_view(text_).substr(slash == std::string::npos ? 0 : slash + 1);
}

std::string_view RelPath::parent() const {
  return parent_of(text_);
}

std::string_view parent_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return path.substr(0, slash == std::string_view::npos ? 0 : slash);
}

bool RelPath::starts_with(std::string_view directory) const {
  return text_.size() > directory.size() && text_.starts_with(directory) && text_[directory.size()] == '/';
}

}  // namespace gopack::tree
