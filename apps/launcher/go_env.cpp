#include "go_env.hpp"

#include <algorithm>

#include "failure.hpp"

namespace gopack::launcher {

namespace {

template <typename See>
void for_each_line(std::string_view text, See see) {
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    see(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

bool is_of(std::string_view line, std::string_view name) {
  return line.starts_with(name) && line.substr(name.size()).starts_with('=');
}

}  // namespace

std::optional<std::string> mended_go_env(std::string_view text, const std::string& file) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  const auto before = text.size();
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
    throw Failure{file + " is UTF-16, which Go does not read: save it as UTF-8"};
  if (text.starts_with(kMark)) text.remove_prefix(kMark.size());
  const bool has_end = text.ends_with('\n');
  std::string mended;
  for_each_line(text, [&](std::string_view line) {
    while (line.ends_with('\r')) line.remove_suffix(1);
    mended += std::string(line) + "\n";
  });
  if (!has_end && !mended.empty()) mended.pop_back();
  if (mended.size() == before) return std::nullopt;
  return mended;
}

std::string go_env_value(std::string_view text, std::string_view name) {
  std::string value;
  for_each_line(text, [&](std::string_view line) {
    if (is_of(line, name)) value = line.substr(name.size() + 1);
  });
  return value;
}

}  // namespace gopack::launcher
