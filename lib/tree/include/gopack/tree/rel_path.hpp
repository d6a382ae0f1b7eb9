// A path inside a tree. What it cannot hold, no tree can contain: escapes by "..", absolute paths,
// drives, streams and names that Windows or FAT refuse.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace gopack::tree {

// One or more components separated by "/"; UTF-8 in normal form C. Each component follows Go's own rule for
// files in modules (golang.org/x/mod/module.CheckFilePath): not empty, not "." or "..", no trailing dot or
// blank, none of "*<>?`'|\:; or control characters, beyond ASCII letters alone, no name that Windows
// reserves. At most 1024 bytes, 255 a component.
class RelPath {
 public:
  // Throws Error (unsafe) that names the path and the rule it breaks.
  explicit RelPath(std::string_view text);
  // The rule that `text` breaks, e.g. "a component is \"..\""; nothing when it is fine.
  static std::optional<std::string> find_fault(std::string_view text);
  static std::optional<RelPath> try_parse(std::string_view text);

  const std::string& text() const { return text_; }
  std::string_view name() const;    // the last component
  std::string_view parent() const;  // everything before it, without the slash; empty at the top
  bool starts_with(std::string_view directory) const;  // directory without trailing slash

  auto operator<=>(const RelPath&) const = default;

 private:
  RelPath() = default;
  std::string text_;
};

// What stands before the last slash; nothing when there is none.
std::string_view parent_of(std::string_view path);

}  // namespace gopack::tree
