#include "gopack/bundle/cacheprog.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace gopack::bundle {

namespace {

template <typename See>
void for_each_line(std::string_view text, See see) {
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    see(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

// Of "NAME=VALUE"; empty for what Go passes over.
std::string_view name_in(std::string_view line) {
  const auto end = line.find('=');
  if (end == std::string_view::npos || line.front() < 'A' || line.front() > 'Z') return {};
  return line.substr(0, end);
}

// As cmd/internal/quoted of Go does it; nothing where a quote is not closed.
std::optional<std::vector<std::string>> split(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  std::vector<std::string> words;
  for (;;) {
    text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
    if (text.empty()) return words;
    const bool is_quoted = text.front() == '"' || text.front() == '\'';
    const std::size_t begin = is_quoted ? 1 : 0;
    const auto end =
        is_quoted ? text.find(text.front(), 1) : std::min(text.find_first_of(kBlanks), text.size());
    if (end == std::string_view::npos) return std::nullopt;
    words.emplace_back(text.substr(begin, end - begin));
    text.remove_prefix(end + begin);
  }
}

using Settings = std::map<std::string_view, std::string_view>;

// The line in force for each name: the last one.
Settings settings_of(std::string_view go_env) {
  Settings settings;
  for_each_line(go_env, [&](std::string_view line) {
    if (const auto name = name_in(line); !name.empty()) settings[name] = line;
  });
  return settings;
}

std::string_view line_of(const Settings& settings, std::string_view name) {
  const auto found = settings.find(name);
  return found == settings.end() ? std::string_view{} : found->second;
}

}  // namespace

std::string find_cacheprog_fault(std::string_view command_line,
                                 const std::function<bool(const std::string& program)>& has_program) {
  const auto words = split(command_line);
  if (!words) return "a quote in it is not closed";
  if (words->empty() || words->front().empty()) return "it names no program";
  if (has_program(words->front())) return {};
  return "this machine has no program " + words->front();
}

bool is_go_env(std::string_view program, const std::vector<std::string>& arguments) {
  if (program != "go" || arguments.empty()) return false;
  const std::string_view first = arguments.front();
  const bool is_directory = first == "-C" || first == "--C";
  const std::size_t verb = is_directory ? 2 : first.starts_with("-C=") || first.starts_with("--C=") ? 1 : 0;
  return verb < arguments.size() && arguments[verb] == "env";
}

std::string without_setting(std::string_view go_env, std::string_view name) {
  std::string rest;
  for_each_line(go_env, [&](std::string_view line) {
    if (name_in(line) != name) rest += std::string(line) + "\n";
  });
  return rest;
}

std::string carry_over(std::string_view go_env, std::string_view was, std::string_view copy) {
  const auto before = settings_of(was);
  auto changed = settings_of(copy);
  std::erase_if(changed,
                [&](const auto& setting) { return line_of(before, setting.first) == setting.second; });
  for (const auto& [name, line] : before) {
    if (line_of(settings_of(copy), name).empty()) changed[name] = {};  // it is gone
  }
  std::string text;
  for_each_line(go_env, [&](std::string_view line) {
    const auto change = changed.find(name_in(line));
    if (change == changed.end()) {
      text += std::string(line) + "\n";
    } else if (!change->second.empty()) {
      text += std::string(std::exchange(change->second, {})) + "\n";
    }
  });
  for (const auto& [name, line] : changed) {
    if (!line.empty()) text += std::string(line) + "\n";
  }
  return text;
}

}  // namespace gopack::bundle
