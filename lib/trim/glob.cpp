#include "gopack/trim/glob.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "gopack/base/error.hpp"

namespace gopack::trim {

namespace {

constexpr std::size_t kMaxLength = 1000;
constexpr std::size_t kMaxAlternatives = 1000;
constexpr std::string_view kWildcards = "*?[";
constexpr std::string_view kAnyDepth = "**";

[[noreturn]] void refuse(const std::string& reason) {
  throw std::invalid_argument(reason);
}

// The "}" that belongs to the "{" at `open`.
std::size_t closing_brace(std::string_view text, std::size_t open) {
  int depth = 0;
  for (std::size_t i = open; i < text.size(); ++i) {
    if (text[i] == '{') ++depth;
    if (text[i] == '}' && --depth == 0) return i;
  }
  refuse("\"{\" is never closed");
}

// Splits at the commas that stand in no inner braces.
std::vector<std::string_view> split_choices(std::string_view text) {
  std::vector<std::string_view> choices;
  int depth = 0;
  std::size_t start = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '{') ++depth;
    if (text[i] == '}') --depth;
    if (text[i] != ',' || depth > 0) continue;
    choices.push_back(text.substr(start, i - start));
    start = i + 1;
  }
  choices.push_back(text.substr(start));
  return choices;
}

// Every text that `pattern` stands for when one choice is made in each pair of braces. Works from a list
// of texts still to do, so that neither nesting nor many braces in a row can exhaust stack or memory.
std::vector<std::string> expand_braces(std::string_view pattern) {
  std::vector<std::string> expanded;
  std::vector<std::string> pending{std::string(pattern)};
  while (!pending.empty()) {
    const std::string text = std::move(pending.back());
    pending.pop_back();
    const auto open = text.find('{');
    if (text.find('}') < open) refuse("\"}\" without \"{\" before it");
    if (open == std::string::npos) {
      expanded.push_back(text);
      continue;
    }
    const auto close = closing_brace(text, open);
    const std::string_view view = text;
    auto choices = split_choices(view.substr(open + 1, close - open - 1));
    if (choices.size() == 1) refuse("\"{}\" needs at least two choices with a comma between them");
    if (expanded.size() + pending.size() + choices.size() > kMaxAlternatives) {
      refuse(fmt::format("the braces stand for more than {} patterns", kMaxAlternatives));
    }
    std::reverse(choices.begin(), choices.end());  // taken from the back
    for (const auto choice : choices) {
      pending.push_back(fmt::format("{}{}{}", view.substr(0, open), choice, view.substr(close + 1)));
    }
  }
  return expanded;
}

// Returns the position after the set that opens at `open`.
std::size_t check_set(std::string_view component, std::size_t open) {
  const auto close = component.find(']', open);
  if (close == std::string_view::npos) refuse("\"[\" is never closed");
  const auto set = component.substr(open + 1, close - open - 1);
  if (set.empty()) refuse("the set \"[]\" is empty");
  if (set.front() == '!' || set.front() == '^') refuse("sets cannot be negated");
  if (set.find('[') != std::string_view::npos) refuse("\"[\" within a set");
  for (std::size_t i = 0; i < set.size(); ++i) {
    if (static_cast<unsigned char>(set[i]) >= 0x80) refuse("sets can hold ASCII characters only");
    if (set[i] != '-') continue;
    if (i == 0 || i + 1 == set.size() || set[i - 1] > set[i + 1])
      refuse(fmt::format("\"[{}]\" is not a range", set));
  }
  return close + 1;
}

void check_component(std::string_view component) {
  if (component.empty()) refuse("a component is empty");
  if (component == "." || component == "..") refuse(fmt::format("a component is \"{}\"", component));
  if (component == kAnyDepth) return;
  if (component.find(kAnyDepth) != std::string_view::npos) refuse("\"**\" must be a whole component");
  for (std::size_t i = 0; i < component.size();) {
    if (component[i] == ']') refuse("\"]\" without \"[\" before it");
    i = component[i] == '[' ? check_set(component, i) : i + 1;
  }
}

bool is_in_set(std::string_view set, char c) {
  for (std::size_t i = 0; i < set.size(); ++i) {
    if (set[i] == c && c != '-') return true;
    if (set[i] == '-' && set[i - 1] <= c && c <= set[i + 1]) return true;
  }
  return false;
}

std::size_t character_length(std::string_view utf8) {
  std::size_t length = 1;
  while (length < utf8.size() && (static_cast<unsigned char>(utf8[length]) & 0xC0) == 0x80) ++length;
  return length;
}

// How much of `pattern` and of `text` one step uses up; nothing when the text does not fit.
struct Step {
  std::size_t pattern = 0;
  std::size_t text = 0;
};

Step match_one(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return {};
  if (pattern.front() == '?') return {1, character_length(text)};
  if (pattern.front() == '[') {
    const auto close = pattern.find(']');
    return is_in_set(pattern.substr(1, close - 1), text.front()) ? Step{close + 1, 1} : Step{};
  }
  return pattern.front() == text.front() ? Step{1, 1} : Step{};
}

// Matching goes back to the last "*" only: what an earlier one took needs no second thought, since the
// later one can take anything that follows. So time is bounded by the product of the lengths.
bool component_matches(std::string_view pattern, std::string_view text) {
  bool has_star = false;
  std::string_view after_star;
  std::string_view retry;
  while (!text.empty()) {
    if (pattern.starts_with('*')) {
      pattern.remove_prefix(1);
      has_star = true;
      after_star = pattern;
      retry = text;
    } else if (const Step step = match_one(pattern, text); step.text > 0) {
      pattern.remove_prefix(step.pattern);
      text.remove_prefix(step.text);
    } else if (has_star) {
      retry.remove_prefix(character_length(retry));
      text = retry;
      pattern = after_star;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*') == std::string_view::npos;
}

// Takes the first component and its slash off the front of `path`.
std::string_view take_component(std::string_view& path) {
  const auto slash = path.find('/');
  const auto component = path.substr(0, slash);
  path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
  return component;
}

// The same way for components: back to the last "**" only.
bool components_match(const std::vector<std::string>& pattern, std::string_view path) {
  constexpr auto kNone = static_cast<std::size_t>(-1);
  std::size_t index = 0;
  std::size_t after_star = kNone;
  std::string_view retry;
  while (!path.empty()) {
    if (index < pattern.size() && pattern[index] == kAnyDepth) {
      if (++index == pattern.size()) return true;
      after_star = index;
      retry = path;
      continue;
    }
    const auto component = take_component(path);
    if (index < pattern.size() && component_matches(pattern[index], component)) {
      ++index;
    } else if (after_star != kNone) {
      take_component(retry);
      path = retry;
      index = after_star;
    } else {
      return false;
    }
  }
  return index == pattern.size();
}

}  // namespace

Glob::Glob(std::string_view pattern) : text_(pattern) {
  if (pattern.empty()) refuse("the pattern is empty");
  if (pattern.size() > kMaxLength)
    refuse(fmt::format("the pattern is longer than {} characters", kMaxLength));
  if (pattern.front() == '/') refuse("patterns are relative to the tree and cannot start with \"/\"");
  if (pattern.find('\\') != std::string_view::npos)
    refuse("\"\\\" cannot be part of a path; components are separated by \"/\"");
  for (const auto& text : expand_braces(pattern)) alternatives_.push_back(compile(text));
}

Glob::Alternative Glob::compile(std::string_view pattern) {
  auto text = std::string(pattern);
  if (text.ends_with('/')) text += kAnyDepth;
  Alternative alternative;
  for (std::size_t start = 0; start <= text.size();) {
    const auto end = std::min(text.find('/', start), text.size());
    alternative.components.push_back(text.substr(start, end - start));
    check_component(alternative.components.back());
    start = end + 1;
  }
  alternative.prefix = text.substr(0, text.find_first_of(kWildcards));
  alternative.suffix = text.substr(text.find_last_of("*?]") + 1);
  // "**" before it may stand for no component at all, and its slash with it.
  if (alternative.suffix.starts_with('/')) alternative.suffix.erase(0, 1);
  return alternative;
}

bool Glob::matches(std::string_view path) const {
  return std::any_of(alternatives_.begin(), alternatives_.end(), [path](const Alternative& alternative) {
    return path.starts_with(alternative.prefix) && path.ends_with(alternative.suffix) &&
           components_match(alternative.components, path);
  });
}

}  // namespace gopack::trim
