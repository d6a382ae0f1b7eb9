#include "build_constraint.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace gopack::trim {

namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t start = 0;;) {
    const auto end = text.find(separator, start);
    parts.push_back(text.substr(start, end - start));
    if (end == std::string_view::npos) return parts;
    start = end + 1;
  }
}

constexpr int kMostTerms = 1000;  // of an expression: Go refuses larger ones, too

// The expression of a "//go:build" line: "linux && (amd64 || !cgo)".
class Expression {
 public:
  Expression(std::string_view text, const TagTruth& tag) : text_(text), tag_(tag) {}

  Truth evaluate() {
    const auto value = parse_or();
    return malformed_ || !trimmed(text_).empty() ? Truth::maybe : value;
  }

 private:
  std::string_view next() {
    text_ = trimmed(text_);
    for (const std::string_view token : {"||", "&&", "!", "(", ")"}) {
      if (text_.starts_with(token)) return token;
    }
    return text_.substr(0, text_.find_first_of(" \t\r!()&|"));
  }
  bool take(std::string_view token) {
    if (next() != token) return false;
    text_.remove_prefix(token.size());
    return true;
  }

  Truth parse_or() {
    auto value = parse_and();
    while (take("||")) value = either(value, parse_and());
    return value;
  }
  Truth parse_and() {
    auto value = parse_not();
    while (take("&&")) value = both(value, parse_not());
    return value;
  }
  Truth parse_not() {
    if (++terms_ > kMostTerms) return give_up();
    if (take("!")) return !parse_not();
    if (take("(")) {
      const auto value = parse_or();
      malformed_ = !take(")") || malformed_;
      return value;
    }
    const auto name = next();
    if (name.empty() || name == ")" || name == "||" || name == "&&") return give_up();
    take(name);
    return tag_(name);
  }
  Truth give_up() {
    malformed_ = true;
    text_ = {};
    return Truth::maybe;
  }

  std::string_view text_;
  const TagTruth& tag_;
  int terms_ = 0;
  bool malformed_ = false;
};

// The words of a "// +build" line: blanks mean or, commas mean and.
Truth evaluate_plus_build(std::string_view words, const TagTruth& tag) {
  auto any = Truth::no;
  for (const auto word : split(words, ' ')) {
    if (word.empty()) continue;
    auto all = Truth::yes;
    for (const auto term : split(word, ',')) {
      const bool negated = term.starts_with('!');
      const auto value = tag(negated ? term.substr(1) : term);
      all = both(all, negated ? !value : value);
    }
    any = either(any, all);
  }
  return any;
}

// What a file's head says: its constraint lines, up to the package clause.
struct Head {
  std::optional<std::string_view> go_build;
  std::vector<std::string_view> plus_build;
  std::size_t size = 0;  // bytes up to there
};

void read_comment(std::string_view line, Head& head, std::vector<std::string_view>& pending) {
  constexpr std::string_view kGoBuild = "//go:build";
  if (line.starts_with(kGoBuild) && line.size() > kGoBuild.size() && is_blank(line[kGoBuild.size()])) {
    if (!head.go_build) head.go_build = line.substr(kGoBuild.size());
    return;
  }
  const auto text = trimmed(line.substr(2));
  constexpr std::string_view kPlusBuild = "+build";
  if (text.starts_with(kPlusBuild) && text.size() > kPlusBuild.size() && is_blank(text[kPlusBuild.size()])) {
    pending.push_back(trimmed(text.substr(kPlusBuild.size())));
  }
}

Head read_head(std::string_view all) {
  Head head;
  std::vector<std::string_view> pending;  // "+build" lines count when a blank line follows them
  for (auto text = all; !text.empty(); head.size = all.size() - text.size()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = trimmed(text.substr(0, end));
    if (line.empty()) {
      head.plus_build.insert(head.plus_build.end(), pending.begin(), pending.end());
      pending.clear();
    } else if (line.starts_with("//")) {
      read_comment(line, head, pending);
    } else if (line.starts_with("/*")) {
      const auto close = text.find("*/");
      if (close == std::string_view::npos) return head;
      text.remove_prefix(close + 2);
      continue;
    } else {
      return head;
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return head;
}

}  // namespace

Truth operator!(Truth a) {
  return a == Truth::maybe ? a : a == Truth::yes ? Truth::no : Truth::yes;
}

Truth both(Truth a, Truth b) {
  return std::min(a, b);
}

Truth either(Truth a, Truth b) {
  return std::max(a, b);
}

Truth evaluate_name(std::string_view file_name, const KnownNames& known, const TagTruth& tag) {
  auto stem = file_name.substr(0, file_name.find('.'));
  const auto first = stem.find('_');
  if (first == std::string_view::npos) return Truth::yes;
  auto words = split(stem.substr(first + 1), '_');
  if (words.back() == "test") words.pop_back();
  if (words.empty()) return Truth::yes;
  const auto last = words.back();
  if (words.size() >= 2 && known.is_architecture(last) && known.is_system(words[words.size() - 2])) {
    return both(tag(last), tag(words[words.size() - 2]));
  }
  return known.is_architecture(last) || known.is_system(last) ? tag(last) : Truth::yes;
}

Truth evaluate_head(std::string_view text, const TagTruth& tag) {
  const auto head = read_head(text);
  if (head.go_build) return Expression(*head.go_build, tag).evaluate();
  auto all = Truth::yes;
  for (const auto words : head.plus_build) all = both(all, evaluate_plus_build(words, tag));
  return all;
}

std::string_view constraint_part(std::string_view text) {
  return text.substr(0, read_head(text).size);
}

}  // namespace gopack::trim
