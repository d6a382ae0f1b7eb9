#include "gopack/release/selector.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "gopack/base/error.hpp"

namespace gopack::release {

namespace {

using Minor = std::pair<int, int>;

Minor minor_of(const Version& version) {
  return {version.major(), version.minor()};
}

std::string_view without_go(std::string_view text) {
  return text.substr(text.starts_with("go") ? 2 : 0);
}

// "1.22": a minor, not a release.
bool is_minor(std::string_view text) {
  const auto digits_and_dots = text.find_first_not_of("0123456789.") == std::string_view::npos;
  return digits_and_dots && std::count(text.begin(), text.end(), '.') == 1;
}

[[noreturn]] void refuse(std::string_view text) {
  throw Error(ErrorKind::usage, fmt::format("\"{}\" chooses no Go release", printable(text)))
      .with_hint(
          "write a release (1.22.5), a minor (1.22), a range (1.18..1.23), latest, oldstable, or a go.mod "
          "file");
}

Version parse_end(std::string_view text, std::string_view whole) {
  const auto version = Version::try_parse(text);
  if (!version) refuse(whole);
  return *version;
}

std::vector<Version> sorted_unique(std::vector<Version> versions) {
  std::sort(versions.begin(), versions.end());
  versions.erase(std::unique(versions.begin(), versions.end()), versions.end());
  return versions;
}

std::vector<Version> newest_of_each_minor(const std::vector<Version>& sorted) {
  std::map<Minor, Version> newest;
  for (const auto& version : sorted) newest.insert_or_assign(minor_of(version), version);
  std::vector<Version> versions;
  for (const auto& [minor, version] : newest) versions.push_back(version);
  return versions;
}

template <typename Predicate>
std::vector<Version> those(const std::vector<Version>& versions, Predicate predicate) {
  std::vector<Version> chosen;
  std::copy_if(versions.begin(), versions.end(), std::back_inserter(chosen), predicate);
  return chosen;
}

// The three available releases that come closest, for an error message.
std::string nearest(const std::vector<Version>& sorted, const Version& wanted) {
  auto at = std::lower_bound(sorted.begin(), sorted.end(), wanted);
  const auto first = at - std::min<std::ptrdiff_t>(2, at - sorted.begin());
  const auto last = first + std::min<std::ptrdiff_t>(4, sorted.end() - first);
  std::string names;
  for (auto it = first; it != last; ++it) names += (names.empty() ? "" : ", ") + it->name();
  return names;
}

}  // namespace

Selector Selector::parse(std::string_view text) {
  Selector selector;
  selector.text_ = text;
  if (text == "latest" || text == "stable") {
    selector.kind_ = Kind::latest;
    return selector;
  }
  if (text == "oldstable") {
    selector.kind_ = Kind::oldstable;
    return selector;
  }
  if (const auto dots = text.find(".."); dots != std::string_view::npos) {
    const auto from = without_go(text.substr(0, dots));
    const auto to = without_go(text.substr(dots + 2));
    selector.from_ = parse_end(from, text);
    selector.to_ = parse_end(to, text);
    selector.kind_ = is_minor(from) && is_minor(to) ? Kind::minor_range : Kind::patch_range;
    if (selector.to_ < selector.from_) {
      throw Error(ErrorKind::usage,
                  fmt::format("the range \"{}\" is empty: its end is older than its start", text));
    }
    return selector;
  }
  auto rest = text;
  bool whole_minor = rest.starts_with("~");
  if (whole_minor) rest.remove_prefix(1);
  if (rest.ends_with(".x")) {
    whole_minor = true;
    rest.remove_suffix(2);
  }
  selector.from_ = parse_end(rest, text);
  if (whole_minor && !is_minor(rest)) refuse(text);
  // "go1.20" is the Go project's own name of a release, "go1.22" is none.
  const bool names_minor = is_minor(rest) || (is_minor(without_go(rest)) && selector.from_.name() != rest);
  selector.kind_ = whole_minor || names_minor ? Kind::minor : Kind::exact;
  return selector;
}

std::optional<Version> Selector::exact() const {
  if (kind_ != Kind::exact) return std::nullopt;
  return from_;
}

std::vector<Version> Selector::choose(const std::vector<Version>& available,
                                      const SelectorOptions& options) const {
  const auto all = sorted_unique(available);
  if (kind_ == Kind::exact) return those(all, [&](const Version& v) { return v == from_; });
  const auto eligible =
      those(all, [&](const Version& v) { return options.prereleases || !v.is_prerelease(); });
  const auto in_range = [&](const Version& v) {
    switch (kind_) {
      case Kind::minor:
        return minor_of(v) == minor_of(from_);
      case Kind::minor_range:
        return minor_of(v) >= minor_of(from_) && minor_of(v) <= minor_of(to_);
      case Kind::patch_range:
        // An end without patch stands for its whole minor.
        return v >= from_ &&
               (v <= to_ || (is_minor(without_go(std::string_view(text_).substr(text_.find("..") + 2))) &&
                             minor_of(v) == minor_of(to_)));
      default:
        return true;
    }
  };
  auto chosen = those(eligible, in_range);
  if (kind_ == Kind::patch_range || (kind_ == Kind::minor_range && options.all_patches)) return chosen;
  chosen = newest_of_each_minor(chosen);
  if (kind_ == Kind::minor_range || chosen.empty()) return chosen;
  if (kind_ != Kind::oldstable) return {chosen.back()};
  if (chosen.size() < 2) return {};
  return {chosen[chosen.size() - 2]};
}

std::vector<Version> Selector::resolve(const std::vector<Version>& available,
                                       const SelectorOptions& options) const {
  auto chosen = choose(available, options);
  if (!chosen.empty()) return chosen;
  const auto all = sorted_unique(available);
  Error error(ErrorKind::unreachable, fmt::format("no release matches \"{}\"", text_));
  if (all.empty()) throw error;
  const bool names_version = kind_ != Kind::latest && kind_ != Kind::oldstable;
  throw error.with_hint(
      fmt::format("available near it: {}", nearest(all, names_version ? from_ : all.back())));
}

std::vector<Version> resolve_all(const std::vector<Selector>& selectors,
                                 const std::vector<Version>& available, const SelectorOptions& options) {
  std::set<Version> chosen;
  for (const auto& selector : selectors) {
    const auto versions = selector.resolve(available, options);
    chosen.insert(versions.begin(), versions.end());
  }
  return {chosen.begin(), chosen.end()};
}

}  // namespace gopack::release
