#include "newest_seen.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <tuple>
#include <utility>

#include "gopack/base/error.hpp"
#include "gopack/base/replace.hpp"

namespace gopack::acquire {

namespace {

using Json = nlohmann::json;

constexpr const char* kFile = "newest.json";
constexpr std::uint64_t kLargestIndex = 8 << 20;

// Of each minor the newest, for each platform.
release::Releases newest_of(const release::Releases& releases) {
  std::map<std::tuple<int, int, release::Platform>, release::Version> newest;
  for (const auto& [version, platforms] : releases) {
    if (version.is_prerelease()) continue;
    for (const auto& platform : platforms) newest[{version.major(), version.minor(), platform}] = version;
  }
  release::Releases kept;
  for (const auto& [key, version] : newest) kept[version].insert(std::get<release::Platform>(key));
  return kept;
}

// Throws Json::exception.
std::map<std::string, release::Releases> parse(const std::string& text) {
  std::map<std::string, release::Releases> seen;
  const auto document = Json::parse(text);
  for (const auto& [source, releases] : document.at("sources").items()) {
    for (const auto& [name, platforms] : releases.items()) {
      const auto version = release::Version::try_parse(name);
      for (const auto& item : platforms) {
        const auto platform = release::Platform::try_parse(item.get<std::string>());
        if (version && platform) seen[source][*version].insert(*platform);
      }
    }
  }
  return seen;
}

}  // namespace

NewestSeen::NewestSeen(const store::Store& store, Reporter& reporter) : store_(store) {
  const auto text = find_text(store.state(), kFile, kLargestIndex);
  if (!text) return;
  try {
    seen_ = parse(*text);
  } catch (const Json::exception&) {
    reporter.warning(
        fmt::format("cannot read {}/.gopack/{}: it is damaged, so an index older than one seen before is not "
                    "noticed this time",
                    printable(store.path()), kFile));
  }
}

release::Releases NewestSeen::of(const std::string& source) const {
  const auto at = seen_.find(source);
  return at == seen_.end() ? release::Releases() : at->second;
}

void NewestSeen::put(const std::string& source, const release::Releases& offered, bool in_place) {
  auto newest = newest_of(in_place ? offered : release::merged(offered, of(source)));
  auto& known = seen_[source];
  if (newest == known) return;
  known = std::move(newest);
  save();
}

void NewestSeen::save() const {
  Json sources = Json::object();
  for (const auto& [source, releases] : seen_) {
    for (const auto& [version, platforms] : releases) {
      auto& texts = sources[source][version.name()];
      for (const auto& platform : platforms) texts.push_back(platform.text());
    }
  }
  const Json document{{"schema", 1}, {"sources", sources}};
  replace_text(store_.state(), kFile, document.dump(1, ' ', false, Json::error_handler_t::replace) + "\n",
               store_.durable());
}

}  // namespace gopack::acquire
