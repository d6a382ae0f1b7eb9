#include "gopack/release/releases.hpp"

#include <algorithm>
#include <sstream>

#include "gopack/release/platform_names.hpp"

namespace gopack::release {

bool PlatformChoice::contains(const Platform& platform) const {
  return all || std::find(named.begin(), named.end(), platform) != named.end();
}

std::string PlatformChoice::text() const {
  return all ? "all platforms" : join(named);
}

namespace {

// Without blanks around it.
std::string trimmed(const std::string& word) {
  constexpr const char* kBlanks = " \t";
  const auto first = word.find_first_not_of(kBlanks);
  if (first == std::string::npos) return {};
  return word.substr(first, word.find_last_not_of(kBlanks) - first + 1);
}

}  // namespace

std::vector<std::string> split_commas(const std::vector<std::string>& texts) {
  std::vector<std::string> words;
  for (const auto& text : texts) {
    std::istringstream parts(text);
    for (std::string part; std::getline(parts, part, ',');) words.push_back(trimmed(part));
  }
  return words;
}

PlatformChoice parse_platforms(const std::vector<std::string>& texts) {
  PlatformChoice choice;
  for (const auto& word : split_commas(texts)) {
    const auto platform = word == "host" ? Platform::host() : Platform::try_parse(word);
    if (word == "all") {
      choice.all = true;
    } else if (!platform) {
      throw unknown_platform(word, "platform", known_platforms());
    } else if (!choice.contains(*platform)) {
      choice.named.push_back(*platform);
    }
  }
  if (!choice.all && choice.named.empty()) choice.named.push_back(Platform::host());
  return choice;
}

Releases merged(Releases releases, const Releases& more) {
  for (const auto& [version, platforms] : more) releases[version].insert(platforms.begin(), platforms.end());
  return releases;
}

std::vector<Version> versions_for(const Releases& releases, const PlatformChoice& platforms) {
  std::vector<Version> versions;
  for (const auto& [version, offered] : releases) {
    const auto& has = offered;  // clang 14 captures no structured binding
    const bool whole = std::all_of(platforms.named.begin(), platforms.named.end(),
                                   [&](const auto& platform) { return has.contains(platform); });
    if (whole) versions.push_back(version);
  }
  return versions;
}

void require_known(const PlatformChoice& platforms, const Releases& releases) {
  auto known = known_platforms();
  for (const auto& [version, offered] : releases) known.insert(known.end(), offered.begin(), offered.end());
  for (const auto& platform : platforms.named) {
    if (std::find(known.begin(), known.end(), platform) == known.end())
      throw unknown_platform(platform.text(), "platform", known);
  }
}

}  // namespace gopack::release
