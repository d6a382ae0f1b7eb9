#include "gopack/source/go_environment.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <optional>
#include <sstream>
#include <string_view>

namespace gopack::source {

namespace {

constexpr std::chrono::seconds kPatience{30};  // with `go env`

std::string trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const auto first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(kBlank) - first + 1));
}

// What `go env` says, defaults and the user's settings file included; nothing when it fails.
GoEnvironment ask_go(const std::filesystem::path& go, Environment environment, const std::stop_token& stop) {
  environment["GOTOOLCHAIN"] = "local";             // asking must not download another toolchain
  environment["TEST_TELEMETRY_DIR"] = kNullDevice;  // nor leave a trace: below a file nothing can be written
  const auto result = run_process({go.string(), "env", "GOPROXY", "GOSUMDB", "GONOSUMDB"}, environment,
                                  {.stop = stop, .time_limit = kPatience});
  GoEnvironment answer;
  if (result.status != 0) return answer;
  std::istringstream lines(result.output);
  for (auto* const value : {&answer.goproxy, &answer.gosumdb, &answer.gonosumdb}) {
    std::string line;
    std::getline(lines, line);
    *value = trimmed(line);
  }
  return answer;
}

// The position behind the element that `pattern` starts with: "[…]", an escaped or a single character.
std::size_t end_of_element(std::string_view pattern) {
  if (pattern.front() == '\\') return std::min<std::size_t>(2, pattern.size());
  if (pattern.front() != '[') return 1;
  std::size_t end = 1;
  while (end < pattern.size() && pattern[end] != ']') end += pattern[end] == '\\' ? 2 : 1;
  return std::min(end + 1, pattern.size());
}

// `members` is what stands between the brackets: characters and ranges, negated by "^".
bool matches_class(std::string_view members, char c) {
  const bool negated = members.starts_with('^');
  if (negated) members.remove_prefix(1);
  const auto take = [&] {
    if (members.size() > 1 && members.front() == '\\') members.remove_prefix(1);
    const char member = members.front();
    members.remove_prefix(1);
    return member;
  };
  bool found = false;
  while (!members.empty()) {
    const char low = take();
    const bool is_range = members.size() >= 2 && members.front() == '-';
    if (is_range) members.remove_prefix(1);
    const char high = is_range ? take() : low;
    found = found || (low <= c && c <= high);
  }
  return found != negated;
}

bool matches_element(std::string_view element, char c) {
  if (element == "?") return c != '/';
  if (element.front() == '[') {
    return element.size() > 2 && element.back() == ']' &&
           matches_class(element.substr(1, element.size() - 2), c);
  }
  return element.back() == c;  // of an escaped character the second one counts
}

// Go's path.Match: "*" and "?" do not match "/".
bool matches_glob(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern.front() == '*') {
    if (matches_glob(pattern.substr(1), text)) return true;
    return !text.empty() && text.front() != '/' && matches_glob(pattern, text.substr(1));
  }
  const auto end = end_of_element(pattern);
  return !text.empty() && matches_element(pattern.substr(0, end), text.front()) &&
         matches_glob(pattern.substr(end), text.substr(1));
}

// The first `count` elements of a path, or nothing when it has fewer.
std::optional<std::string_view> leading_elements(std::string_view path, std::ptrdiff_t count) {
  std::size_t end = 0;
  for (;; ++end) {
    end = std::min(path.find('/', end), path.size());
    if (--count == 0) return path.substr(0, end);
    if (end == path.size()) return std::nullopt;
  }
}

}  // namespace

GoEnvironment GoEnvironment::read(const Environment& environment, const std::stop_token& stop) {
  GoEnvironment settings{value_of(environment, "GOPROXY"), value_of(environment, "GOSUMDB"),
                         value_of(environment, "GONOSUMDB")};
  if (settings.gonosumdb.empty()) settings.gonosumdb = value_of(environment, "GOPRIVATE");
  if (!settings.goproxy.empty() && !settings.gosumdb.empty() && !settings.gonosumdb.empty()) return settings;
  const auto go = find_program("go", value_of(environment, "PATH"));
  if (!go) return settings;
  const auto asked = ask_go(*go, environment, stop);
  if (settings.goproxy.empty()) settings.goproxy = asked.goproxy;
  if (settings.gosumdb.empty()) settings.gosumdb = asked.gosumdb;
  if (settings.gonosumdb.empty()) settings.gonosumdb = asked.gonosumdb;
  return settings;
}

std::vector<ProxyEntry> parse_goproxy(const std::string& list) {
  std::vector<ProxyEntry> entries;
  std::string_view rest = list;
  while (!rest.empty()) {
    const auto end = std::min(rest.find_first_of(",|"), rest.size());
    auto url = trimmed(rest.substr(0, end));
    const bool any_error = end < rest.size() && rest[end] == '|';
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (url.empty()) continue;
    const bool is_word = url == "off" || url == "direct";
    if (!is_word && url.find(":/") == std::string::npos) url.insert(0, "https://");
    entries.push_back({std::move(url), any_error});
  }
  return entries;
}

bool matches_patterns(const std::string& patterns, const std::string& module_path) {
  std::istringstream list(patterns);
  for (std::string pattern; std::getline(list, pattern, ',');) {
    if (pattern.ends_with('/')) pattern.pop_back();
    if (pattern.empty()) continue;
    const auto prefix = leading_elements(module_path, std::count(pattern.begin(), pattern.end(), '/') + 1);
    if (prefix && matches_glob(pattern, *prefix)) return true;
  }
  return false;
}

GoEnvironment go_environment_for(std::string_view source, const std::stop_token& stop) {
  constexpr std::string_view kProxyPrefix = "goproxy+";
  auto go = GoEnvironment::read(current_environment(), stop);
  if (source.starts_with(kProxyPrefix)) go.goproxy = source.substr(kProxyPrefix.size());
  return go;
}

}  // namespace gopack::source
