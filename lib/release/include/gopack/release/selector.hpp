// What the user writes to choose releases (docs/manual.md, "Selectors").
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gopack/release/version.hpp"

namespace gopack::release {

struct SelectorOptions {
  bool all_patches = false;  // a range of minors takes every patch, not just the newest
  bool prereleases = false;  // ranges, minors and "latest" may choose pre-releases too
};

// One selector, e.g. "1.22", "1.18..1.23", "latest".
class Selector {
 public:
  // Throws Error (usage) that says which forms there are.
  static Selector parse(std::string_view text);

  // The releases among `available` that it chooses, oldest first; none when nothing matches.
  std::vector<Version> choose(const std::vector<Version>& available, const SelectorOptions& options) const;
  // The same, but choosing nothing is an Error (unreachable) that names the nearest available ones.
  std::vector<Version> resolve(const std::vector<Version>& available, const SelectorOptions& options) const;

  // To go on with what it asks for at least: what it chooses or, where that is not there, the first later
  // release of its minor, else the newest one. No pre-release unless it names that.
  std::vector<Version> choose_sufficient(const std::vector<Version>& available,
                                         const SelectorOptions& options) const;

  // The release, when it names exactly one.
  std::optional<Version> exact() const;
  const std::string& text() const { return text_; }

 private:
  enum class Kind { exact, minor, minor_range, patch_range, latest, oldstable };

  Selector(Kind kind, std::string_view text) : kind_(kind), text_(text) {}
  static Selector parse_one(std::string_view text);
  static Selector parse_range(std::string_view text);
  bool covers(const Version& version) const;

  Kind kind_;
  std::string text_;
  Version from_;                  // the release, the minor, or the lower end
  Version to_;                    // the upper end of a range
  bool ends_with_minor_ = false;  // a range's upper end is a whole minor
};

// All that `selectors` choose among `available`, each once, oldest first.
std::vector<Version> resolve_all(const std::vector<Selector>& selectors,
                                 const std::vector<Version>& available, const SelectorOptions& options);

// What a project's file asks for: go.mod and go.work (the newer of the go line and the toolchain line),
// .go-version, .tool-versions. Nothing when `argument` is no such file's name; an Error (usage) when the
// file asks for no Go version.
std::optional<Selector> selector_from_project_file(const std::filesystem::path& argument);

// Whether `argument` names a file whose releases are the least ones that do: go.mod, go.work.
bool asks_for_at_least(const std::filesystem::path& argument);

// What a user names: a selector, or a project's file. Throws Error (usage).
Selector parse_selector(const std::string& text);

}  // namespace gopack::release
