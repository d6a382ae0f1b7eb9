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
std::vector<Version> select(const std::vector<Version>& versions, Predicate predicate) {
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
  if (text == "latest" || text == "stable") return Selector(Kind::latest, text);
  if (text == "oldstable") return Selector(Kind::oldstable, text);
  return text.find("..") == std::string_view::npos ? parse_one(text) : parse_range(text);
}

Selector Selector::parse_range(std::string_view text) {
  const auto dots = text.find("..");
  const auto from = without_go(text.substr(0, dots));
  const auto to = without_go(text.substr(dots + 2));
  Selector selector(is_minor(from) && is_minor(to) ? Kind::minor_range : Kind::patch_range, text);
  selector.from_ = parse_end(from, text);
  selector.to_ = parse_end(to, text);
  selector.ends_with_minor_ = is_minor(to);
  if (selector.from_ <= selector.to_) return selector;
  throw Error(ErrorKind::usage,
              fmt::format("the range \"{}\" is empty: its end is older than its start", text));
}

Selector Selector::parse_one(std::string_view text) {
  auto rest = text;
  bool whole_minor = rest.starts_with("~");
  if (whole_minor) rest.remove_prefix(1);
  if (rest.ends_with(".x")) {
    whole_minor = true;
    rest.remove_suffix(2);
  }
  const auto version = parse_end(rest, text);
  if (whole_minor && !is_minor(rest)) refuse(text);
  // "go1.20" is the Go project's own name of a release, "go1.22" is not.
  const bool names_minor = is_minor(rest) || (is_minor(without_go(rest)) && version.name() != rest);
  Selector selector(whole_minor || names_minor ? Kind::minor : Kind::exact, text);
  selector.from_ = version;
  return selector;
}

std::optional<Version> Selector::exact() const {
  if (kind_ != Kind::exact) return std::nullopt;
  return from_;
}

bool Selector::covers(const Version& version) const {
  switch (kind_) {
    case Kind::exact:
      return version == from_;
    case Kind::minor:
      return minor_of(version) == minor_of(from_);
    case Kind::minor_range:
      return minor_of(from_) <= minor_of(version) && minor_of(version) <= minor_of(to_);
    case Kind::patch_range:
      // An end without patch stands for its whole minor.
      return from_ <= version && (version <= to_ || (ends_with_minor_ && minor_of(version) == minor_of(to_)));
    case Kind::latest:
    case Kind::oldstable:
      break;
  }
  return true;
}

std::vector<Version> Selector::choose(const std::vector<Version>& available,
                                      const SelectorOptions& options) const {
  const bool takes_prereleases = options.prereleases || kind_ == Kind::exact;
  auto covered = select(sorted_unique(available), [&](const Version& version) {
    return (takes_prereleases || !version.is_prerelease()) && covers(version);
  });
  const bool takes_all = kind_ == Kind::exact || kind_ == Kind::patch_range ||
                         (kind_ == Kind::minor_range && options.all_patches);
  if (takes_all) return covered;
  auto newest = newest_of_each_minor(covered);
  if (kind_ == Kind::minor_range) return newest;
  const std::size_t from_end = kind_ == Kind::oldstable ? 2 : 1;
  if (newest.size() < from_end) return {};
  return {newest[newest.size() - from_end]};
}

std::vector<Version> Selector::choose_sufficient(const std::vector<Version>& available,
                                                 const SelectorOptions& options) const {
  if (auto chosen = choose(available, options); !chosen.empty()) return chosen;
  const auto later = select(sorted_unique(available), [&](const Version& version) {
    return !version.is_prerelease() && version > from_;
  });
  if (later.empty()) return {};
  const auto& next = later.front();
  const bool is_of_minor = next.major() == from_.major() && next.minor() == from_.minor();
  return {is_of_minor ? next : later.back()};
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
