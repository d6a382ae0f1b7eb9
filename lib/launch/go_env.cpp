#include "gopack/launch/go_env.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace gopack::launch {

namespace {

using Settings = std::map<std::string_view, std::string_view>;

void append_line(std::string& text, std::string_view line) {
  text.append(line).push_back('\n');
}

// The line in force for each name: the last one.
Settings settings_of(std::string_view go_env) {
  Settings settings;
  for (const auto line : lines_of(go_env))
    if (const auto name = name_of(line); !name.empty()) settings[name] = line;
  return settings;
}

// The line of each name that is another one now; empty for a name that is gone.
Settings changes(std::string_view was, std::string_view copy) {
  const auto before = settings_of(was);
  auto changed = settings_of(copy);
  for (const auto& [name, line] : before) {
    const auto now = changed.try_emplace(name).first;
    if (now->second == line) changed.erase(now);
  }
  return changed;
}

}  // namespace

std::vector<std::string_view> lines_of(std::string_view go_env) {
  std::vector<std::string_view> lines;
  while (!go_env.empty()) {
    const auto end = std::min(go_env.find('\n'), go_env.size());
    lines.push_back(go_env.substr(0, end));
    go_env.remove_prefix(std::min(end + 1, go_env.size()));
  }
  return lines;
}

std::string_view name_of(std::string_view line) {
  const auto end = line.find('=');
  if (end == std::string_view::npos || line.front() < 'A' || line.front() > 'Z') return {};
  return line.substr(0, end);
}

std::string_view value_of(std::string_view go_env, std::string_view name) {
  std::string_view value;
  for (const auto line : lines_of(go_env))
    if (name_of(line) == name) value = line.substr(name.size() + 1);
  return value;
}

bool is_utf16(std::string_view go_env) {
  return go_env.starts_with("\xFF\xFE") || go_env.starts_with("\xFE\xFF");
}

std::optional<std::string> mended_go_env(std::string_view go_env) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  const auto text = go_env.starts_with(kMark) ? go_env.substr(kMark.size()) : go_env;
  std::string mended;
  for (auto line : lines_of(text)) {
    while (line.ends_with('\r')) line.remove_suffix(1);
    append_line(mended, line);
  }
  if (!text.ends_with('\n') && !mended.empty()) mended.pop_back();
  if (mended.size() == go_env.size()) return std::nullopt;
  return mended;
}

std::string without_setting(std::string_view go_env, std::string_view name) {
  std::string rest;
  for (const auto line : lines_of(go_env))
    if (name_of(line) != name) append_line(rest, line);
  return rest;
}

std::string carry_over(std::string_view go_env, std::string_view was, std::string_view copy) {
  auto changed = changes(was, copy);
  std::string text;
  for (const auto line : lines_of(go_env)) {
    const auto change = changed.find(name_of(line));
    if (change == changed.end()) {
      append_line(text, line);
    } else if (!change->second.empty()) {
      append_line(text, std::exchange(change->second, {}));
    }
  }
  for (const auto& [name, line] : changed)
    if (!line.empty()) append_line(text, line);
  return text;
}

}  // namespace gopack::launch
