#include "gopack/release/version.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "gopack/base/error.hpp"

namespace gopack::release {

namespace {

// Of all ranges: there is not another one.
constexpr int kMajor = 1;
// The first minor whose first release is named with ".0".
constexpr int kFirstMinorWithZero = 21;

// Takes a number without leading zeros from the front of `text`.
std::optional<int> take_number(std::string_view& text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const auto digits = static_cast<std::size_t>(end - text.data());
  if (error != std::errc() || text.front() == '-' || (digits > 1 && text.front() == '0')) return std::nullopt;
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

std::string_view trim_blanks(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

}  // namespace

std::optional<Version> Version::try_parse(std::string_view text) {
  take(text, "go");
  Version version;
  const auto major = take_number(text);
  if (!major || !take(text, ".")) return std::nullopt;
  const auto minor = take_number(text);
  if (!minor) return std::nullopt;
  version.major_ = *major;
  version.minor_ = *minor;
  if (text.empty()) return version;
  if (take(text, ".")) {
    const auto patch = take_number(text);
    if (!patch || !text.empty()) return std::nullopt;
    version.patch_ = *patch;
    return version;
  }
  if (take(text, "rc")) {
    version.stage_ = Stage::rc;
  } else if (take(text, "beta")) {
    version.stage_ = Stage::beta;
  } else {
    return std::nullopt;
  }
  const auto number = take_number(text);
  if (!number || !text.empty()) return std::nullopt;
  version.stage_number_ = *number;
  return version;
}

std::string Version::text() const {
  auto text = fmt::format("{}.{}", major_, minor_);
  if (stage_ == Stage::rc) return fmt::format("{}rc{}", text, stage_number_);
  if (stage_ == Stage::beta) return fmt::format("{}beta{}", text, stage_number_);
  const bool bare = patch_ == 0 && major_ == 1 && minor_ < kFirstMinorWithZero;
  return bare ? text : fmt::format("{}.{}", text, patch_);
}

Version Version::parse(std::string_view text) {
  if (const auto version = try_parse(text)) return *version;
  throw Error(ErrorKind::usage, fmt::format("\"{}\" is not a version of Go", printable(text)))
      .with_hint("write one like go1.22.5 or go1.24rc1");
}

std::optional<VersionRange> VersionRange::try_parse(std::string_view text) {
  VersionRange range;
  while (true) {
    const auto comma = text.find(',');
    auto part = trim_blanks(text.substr(0, comma));
    Bound bound;
    static constexpr std::string_view kComparisons[] = {"<=", ">=", "<", ">", "="};
    const auto* found =
        std::find_if(std::begin(kComparisons), std::end(kComparisons), [&](auto c) { return take(part, c); });
    if (found == std::end(kComparisons)) return std::nullopt;
    bound.comparison = *found;
    const auto version = Version::try_parse(trim_blanks(part));
    if (!version || version->is_prerelease() || version->major() != kMajor) return std::nullopt;
    bound.minor = version->minor();
    bound.patch = std::count(part.begin(), part.end(), '.') == 2 ? version->patch() : -1;
    range.bounds_.push_back(bound);
    if (comma == std::string_view::npos) return range;
    text.remove_prefix(comma + 1);
  }
}

bool VersionRange::contains(const Version& version) const {
  return std::all_of(bounds_.begin(), bounds_.end(),
                     [&](const Bound& bound) { return holds(bound, version); });
}

bool VersionRange::holds(const Bound& bound, const Version& version) {
  int difference = version.major() - kMajor;
  if (difference == 0) difference = version.minor() - bound.minor;
  if (difference == 0 && bound.patch >= 0) difference = version.patch() - bound.patch;
  if (bound.comparison == "<") return difference < 0;
  if (bound.comparison == "<=") return difference <= 0;
  if (bound.comparison == ">") return difference > 0;
  if (bound.comparison == ">=") return difference >= 0;
  return difference == 0;
}

}  // namespace gopack::release
