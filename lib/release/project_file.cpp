#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <sstream>

#include "gopack/base/error.hpp"
#include "gopack/base/file.hpp"
#include "gopack/release/selector.hpp"

namespace gopack::release {

namespace {

using Finder = std::function<std::string(const std::string& text)>;

// The second word of the first line whose first word is `key`; empty without one.
std::string value_of(const std::string& text, std::string_view key) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string word;
    std::string value;
    if (words >> word >> value && word == key) return value;
  }
  return {};
}

std::string_view without_blanks(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\v\f";
  const auto first = std::min(text.find_first_not_of(kBlanks), text.size());
  text.remove_prefix(first);
  return text.substr(0, text.find_last_not_of(kBlanks) + 1);
}

// The first line that begins with the key, without its comment; empty without one. As the go command looks
// for the two lines before it knows whether it understands the rest of the file (gover.GoModLookup), but for
// what is in parentheses: there "go v1.2.3" is a module, as Go finds when it reads the whole.
std::string value_in_go_mod(const std::string& text, std::string_view key) {
  std::istringstream lines(text);
  bool is_in_block = false;
  for (std::string line; std::getline(lines, line);) {
    const auto words = without_blanks(std::string_view(line).substr(0, line.find("//")));
    const auto value = words.substr(words.starts_with(key) ? key.size() : words.size());
    const bool is_wanted = value.starts_with(' ') || value.starts_with('\t');
    if (is_wanted && !is_in_block) return std::string(without_blanks(value));
    is_in_block = is_in_block ? !words.starts_with(')') : words.ends_with('(');
  }
  return {};
}

// "go1.22.5-custom" is a build of go1.22.5.
std::string release_of_toolchain(const std::string& name) {
  auto release = name.substr(0, name.find_first_of(" \t-"));
  if (name.starts_with("go") && Version::try_parse(release)) return release;
  throw Error(ErrorKind::usage, fmt::format("\"{}\" is not a toolchain of Go", printable(name)))
      .with_hint("write one like go1.22.5, or default, in the toolchain line");
}

// In Go's order: from 1.21 on a language version, such as 1.22, comes before every release of its own.
bool is_newer(const std::string& toolchain, const std::string& go) {
  constexpr int kFirstMinorWithLanguageVersions = 21;
  const auto theirs = Version::parse(toolchain);
  const auto least = Version::try_parse(go);
  if (!least) return false;  // the selector says what is wrong with it
  const bool is_language = std::count(go.begin(), go.end(), '.') == 1 && !least->is_prerelease() &&
                           least->minor() >= kFirstMinorWithLanguageVersions;
  if (is_language && theirs.major() == least->major() && theirs.minor() == least->minor()) return true;
  return theirs > *least;
}

// The newer of the two lines, as the go command chooses between them. "toolchain default" leaves it to the go
// line.
std::string from_go_mod(const std::string& text) {
  auto go = value_in_go_mod(text, "go");
  const auto name = value_in_go_mod(text, "toolchain");
  if (name.empty() || name == "default") return go;
  auto toolchain = release_of_toolchain(name);
  return go.empty() || is_newer(toolchain, go) ? toolchain : go;
}

// The first word that is not in a comment.
std::string from_go_version(const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line.substr(0, line.find('#')));
    if (std::string word; words >> word) return word;
  }
  return {};
}

std::string from_tool_versions(const std::string& text) {
  const auto golang = value_of(text, "golang");
  return golang.empty() ? value_of(text, "go") : golang;
}

}  // namespace

std::optional<Selector> selector_from_project_file(const std::filesystem::path& argument) {
  static const std::map<std::string, Finder> finders = {{"go.mod", from_go_mod},
                                                        {"go.work", from_go_mod},
                                                        {".go-version", from_go_version},
                                                        {".tool-versions", from_tool_versions}};
  const auto finder = finders.find(argument.filename().string());
  if (finder == finders.end()) return std::nullopt;
  const auto text = read_text(argument, 1 << 20);
  const auto context = fmt::format("reading {}", printable(argument));
  const auto wanted = in_context(context, [&] { return finder->second(text); });
  if (wanted.empty()) {
    throw Error(ErrorKind::usage, fmt::format("{} does not ask for a version of Go", printable(argument)))
        .with_hint("name a release on the command line instead");
  }
  return in_context(context, [&] { return Selector::parse(wanted); });
}

bool asks_for_at_least(const std::filesystem::path& argument) {
  const auto name = argument.filename();
  return name == "go.mod" || name == "go.work";
}

Selector parse_selector(const std::string& text) {
  if (auto selector = selector_from_project_file(text)) return *selector;
  return Selector::parse(text);
}

}  // namespace gopack::release
