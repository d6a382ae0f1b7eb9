#include "newest_seen.hpp"

#include <nlohmann/json.hpp>
#include <tuple>
#include <utility>

namespace gopack::workflow {

namespace {

using Json = nlohmann::json;

constexpr const char* kFile = "newest.json";
constexpr std::uint64_t kLargestIndex = 8 << 20;

// Of each minor the newest, for each platform.
Releases newest_of(const Releases& releases) {
  std::map<std::tuple<int, int, release::Platform>, release::Version> newest;
  for (const auto& [version, platforms] : releases) {
    if (version.is_prerelease()) continue;
    for (const auto& platform : platforms) newest[{version.major(), version.minor(), platform}] = version;
  }
  Releases kept;
  for (const auto& [key, version] : newest) kept[version].insert(std::get<release::Platform>(key));
  return kept;
}

std::map<std::string, Releases> parse(const std::string& text) {
  std::map<std::string, Releases> seen;
  try {
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
  } catch (const Json::exception&) {
    return {};
  }
  return seen;
}

}  // namespace

NewestSeen::NewestSeen(const Dir& state, bool durable) : state_(state), durable_(durable) {
  if (const auto text = state.find_text(kFile, kLargestIndex)) seen_ = parse(*text);
}

Releases NewestSeen::of(const std::string& source) const {
  const auto at = seen_.find(source);
  return at == seen_.end() ? Releases() : at->second;
}

void NewestSeen::put(const std::string& source, const Releases& offered, bool in_place) {
  auto newest = newest_of(in_place ? offered : merged(offered, of(source)));
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
  state_.replace_text(kFile, document.dump(1, ' ', false, Json::error_handler_t::replace) + "\n", durable_);
}

}  // namespace gopack::workflow
