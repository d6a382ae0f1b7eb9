#include <fmt/format.h>

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

// "toolchain default" means: whatever the go line asks for.
std::string from_go_mod(const std::string& text) {
  const auto toolchain = value_of(text, "toolchain");
  return toolchain.empty() || toolchain == "default" ? value_of(text, "go") : toolchain;
}

std::string from_go_version(const std::string& text) {
  std::istringstream words(text);
  std::string word;
  words >> word;
  return word;
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
  const auto wanted = finder->second(read_text(argument, 1 << 20));
  if (wanted.empty()) {
    throw Error(ErrorKind::usage, fmt::format("{} asks for no Go version", printable(argument)))
        .with_hint("name a release on the command line instead");
  }
  return in_context(fmt::format("reading {}", printable(argument)), [&] { return Selector::parse(wanted); });
}

}  // namespace gopack::release
