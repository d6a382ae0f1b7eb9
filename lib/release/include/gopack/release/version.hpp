// Go versions as the Go project names its releases (go.dev/doc/toolchain#version).
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gopack::release {

// A release: "go1.22.5", "go1.20" (the first of its minor before 1.21), "go1.21.0", "go1.24rc1".
class Version {
 public:
  enum class Stage { beta, rc, final };

  // With or without the leading "go". "1.20.0" is read as 1.20 and "1.22" as 1.22.0, so that the name
  // comes out as the Go project spells it. Nothing for anything else.
  static std::optional<Version> try_parse(std::string_view text);
  // Throws Error (usage) for anything else.
  static Version parse(std::string_view text);

  // "1.22.5"
  std::string text() const;
  // "go1.22.5"
  std::string name() const { return "go" + text(); }
  bool is_prerelease() const { return stage_ != Stage::final; }
  int major() const { return major_; }
  int minor() const { return minor_; }
  int patch() const { return patch_; }

  // Go's own order: 1.22beta1 < 1.22rc1 < 1.22.0 < 1.22.1.
  auto operator<=>(const Version&) const = default;

 private:
  int major_ = 0;
  int minor_ = 0;
  Stage stage_ = Stage::final;
  int stage_number_ = 0;  // of a beta or rc
  int patch_ = 0;
};

// A range of versions as rules in profiles write it: comparisons separated by commas that must all
// hold, e.g. ">=1.21,<1.25" or "<1.20". The text "1.25" in a comparison means 1.25.0 and everything of
// that minor is >= it; pre-releases of 1.25 count as 1.25.
class VersionRange {
 public:
  static std::optional<VersionRange> try_parse(std::string_view text);
  bool contains(const Version& version) const;

 private:
  struct Bound {
    std::string_view comparison;  // one of "<" "<=" ">" ">=" "="; in static storage
    int minor = 0;
    int patch = -1;  // -1: the whole minor
  };
  static bool holds(const Bound& bound, const Version& version);
  std::vector<Bound> bounds_;
};

}  // namespace gopack::release
