#include "project.hpp"

#include <algorithm>
#include <cstdlib>

#include "system.hpp"

namespace gopack::launcher {

namespace {

constexpr int kMinor = 100'000, kRelease = 30'000, kCandidate = 20'000, kBeta = 10'000;
constexpr int kFirstMinorWithLanguageVersions = 21;
constexpr auto kNowhere = std::string_view::npos;

// At most four digits, without leading zeros; -1 for anything else.
int parse_number(std::string_view text) {
  constexpr std::size_t kMostDigits = 4;
  const bool is_number =
      !text.empty() && text.size() <= kMostDigits && text.find_first_not_of("0123456789") == kNowhere;
  if (!is_number || (text.size() > 1 && text.front() == '0')) return -1;
  return std::atoi(std::string(text).c_str());
}

std::string_view trim_all(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\v\f";
  const auto first = text.find_first_not_of(kSpace);
  if (first == kNowhere) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

// Behind the first line that begins with the key, without its comment. What is in parentheses are modules.
std::string_view value_of(std::string_view text, std::string_view key) {
  bool is_in_block = false;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size() - 1);
    auto line = trim_all(text.substr(0, end + 1 - (text[end] == '\n' ? 1 : 0)));
    text.remove_prefix(end + 1);
    line = trim_all(line.substr(0, line.find("//")));
    if (is_in_block || line.ends_with('(')) {
      is_in_block = !line.starts_with(')');
      continue;
    }
    if (!line.starts_with(key)) continue;
    line.remove_prefix(key.size());
    if (line.starts_with(' ') || line.starts_with('\t')) return trim_all(line);
  }
  return {};
}

bool is_release_of_minor(int order, int minor) {
  return order / kMinor == minor / kMinor;
}

// The higher, the better for `needed`; 0: it does not suffice.
int rank(const TreeFacts& tree, int needed) {
  constexpr int kAboveAll = 2'000'000'000;
  const auto order = release_order(tree.release);
  const bool is_prerelease = order % kMinor < kRelease;
  if (order < needed || (is_prerelease && order != needed)) return 0;
  return is_release_of_minor(order, needed) ? kAboveAll - order : order;
}

std::string working_directory(const std::vector<std::string>& words, const Host& host) {
  if (const auto named = directory_of(words)) {
    const bool is_there = system::kind(*named) == system::Kind::directory;  // if not, Go says so
    return is_there ? system::full_path(*named) : std::string();
  }
  const auto logical = system::variable("PWD").value_or("");  // as for Go
  const bool is_ours = host.separator == '/' && host.is_absolute(logical) && system::is_same(logical, ".");
  return is_ours ? logical : system::full_path(".");
}

std::string find_above(const std::string& directory, const char* name, const Host& host) {
  for (auto above = directory;;) {
    auto file = host.join(above, name);
    if (system::kind(file) == system::Kind::file) return file;
    auto next = host.parent(above);
    if (next.size() >= above.size()) return {};
    above = std::move(next);
  }
}

}  // namespace

int release_order(std::string_view release) {
  if (release.starts_with("go")) release.remove_prefix(2);
  if (!release.starts_with("1.")) return 0;
  release.remove_prefix(2);
  struct Form {
    std::string_view separator;
    int base;
  };
  for (const auto& [separator, base] : {Form{".", kRelease}, Form{"rc", kCandidate}, Form{"beta", kBeta}}) {
    const auto at = release.find(separator);
    if (at == kNowhere) continue;
    const int minor = parse_number(release.substr(0, at));
    const int number = parse_number(release.substr(at + separator.size()));
    return minor < 0 || number < 0 ? 0 : minor * kMinor + base + number;
  }
  const int minor = parse_number(release);
  if (minor < 0) return 0;
  return minor * kMinor + (minor < kFirstMinorWithLanguageVersions ? kRelease : 0);
}

Needs parse_needs(std::string_view text) {
  const auto go = value_of(text, "go"), toolchain = value_of(text, "toolchain");
  return {go.starts_with("go") ? 0 : release_order(go),
          toolchain.starts_with("go") ? release_order(toolchain.substr(0, toolchain.find('-'))) : 0};
}

std::optional<std::string> directory_of(const std::vector<std::string>& words) {
  std::size_t at = 0;
  if (!words.empty() && (words[0] == "mod" || words[0] == "work")) {
    at = 2;
  } else if (!words.empty() && !words[0].starts_with('-')) {
    at = 1;
  }
  if (at >= words.size()) return std::nullopt;
  const auto& word = words[at];
  if (word == "-C" || word == "--C") return at + 1 < words.size() ? words[at + 1] : std::string();
  if (word.starts_with("-C=") || word.starts_with("--C=")) return word.substr(word.find('=') + 1);
  return std::nullopt;
}

std::string find_project_file(const std::vector<std::string>& words, const Host& host) {
  const auto directory = working_directory(words, host);
  if (directory.empty()) return {};
  auto work = system::variable("GOWORK").value_or("");
  if (work.empty() || work == "auto") {
    if (auto file = find_above(directory, "go.work", host); !file.empty()) return file;
  } else if (work != "off" && system::kind(work) == system::Kind::file) {
    return work;
  }
  return find_above(directory, "go.mod", host);
}

bool is_too_old(const std::string& release, const Needs& needs) {
  const auto own = release_order(release);
  return own > 0 && own < std::max(needs.go, needs.toolchain);
}

std::string find_sufficient(const Needs& needs, const TreeFacts& current,
                            const std::vector<TreeFacts>& trees) {
  const auto own = release_order(current.release);
  for (const int needed : {std::max(needs.toolchain, needs.go), needs.go}) {
    if (needed <= own) continue;
    int best = 1;
    for (const auto& tree : trees) best = std::max(best, rank(tree, needed));
    auto found = trees;
    std::erase_if(found, [&](const TreeFacts& tree) { return rank(tree, needed) < best; });
    if (found.empty()) continue;
    auto same = found;
    std::erase_if(same, [&](const TreeFacts& tree) { return tree.profile != current.profile; });
    return without_superseded(same.empty() ? found : same).front().name;
  }
  return {};
}

}  // namespace gopack::launcher
