#include "gopack/trim/profile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <stdexcept>

#include "gopack/base/error.hpp"
#include "profile_chain.hpp"

namespace gopack::trim {

namespace {

// The texts that each parameter stands for.
using Parameters = std::map<std::string, std::vector<std::string>, std::less<>>;

// The values for one release. A child's parameter replaces its parent's of that name, in the parent's rules
// too.
Parameters parameters_for(const release::Version& version, const std::vector<ProfileFile>& chain) {
  Parameters parameters;
  for (const auto& file : chain) {
    for (const auto& parameter : file.parameters) {
      const auto holds = [&](const ParameterValue& value) {
        return !value.range || value.range->contains(version);
      };
      const auto value = std::find_if(parameter.values.begin(), parameter.values.end(), holds);
      parameters[parameter.name] =
          value == parameter.values.end() ? std::vector<std::string>{} : value->texts;
    }
  }
  return parameters;
}

// The values for all releases together: what check_profile tries out.
Parameters all_parameters(const std::vector<ProfileFile>& chain) {
  Parameters parameters;
  for (const auto& file : chain) {
    for (const auto& parameter : file.parameters) {
      auto& texts = parameters[parameter.name];
      texts.clear();
      for (const auto& value : parameter.values)
        texts.insert(texts.end(), value.texts.begin(), value.texts.end());
    }
  }
  return parameters;
}

// Puts "{a,b}" in place of each "${name}". Nothing when a parameter stands for no text at all: then the
// pattern stands for no path. Throws std::invalid_argument.
std::optional<std::string> expand(const std::string& pattern, const Parameters& parameters) {
  std::string expanded;
  std::size_t done = 0;
  for (auto start = pattern.find("${"); start != std::string::npos; start = pattern.find("${", done)) {
    const auto end = pattern.find('}', start);
    if (end == std::string::npos) throw std::invalid_argument("\"${\" is never closed");
    const auto name = pattern.substr(start + 2, end - start - 2);
    const auto found = parameters.find(name);
    if (found == parameters.end())
      throw std::invalid_argument(fmt::format("there is no parameter \"{}\"", name));
    const auto& texts = found->second;
    if (texts.empty()) return std::nullopt;
    expanded += pattern.substr(done, start - done);
    expanded += texts.size() == 1 ? texts.front() : fmt::format("{{{}}}", fmt::join(texts, ","));
    done = end + 1;
  }
  return expanded + pattern.substr(done);
}

void resolve_rule(const WrittenRule& rule, const std::string& file, const Parameters& parameters,
                  std::vector<Rule>& rules, Mistakes& mistakes) {
  for (const auto& [text, position] : rule.patterns) {
    if (text.empty()) continue;  // a mistake already
    try {
      if (const auto pattern = expand(text, parameters)) {
        rules.push_back({rule.action, Glob(*pattern), rule.category, rule.reason, {file, position.line}});
      }
    } catch (const std::invalid_argument& e) {
      mistakes.push_back(
          {file, position, fmt::format("the pattern \"{}\" is malformed: {}", text, e.what()), {}});
    }
  }
}

std::vector<Rule> resolve(const std::vector<ProfileFile>& chain, const Parameters& parameters,
                          const std::function<bool(const WrittenRule&)>& applies, Mistakes& mistakes) {
  std::vector<Rule> rules;
  for (const auto& file : chain) {
    for (const auto& rule : file.rules) {
      if (applies(rule)) resolve_rule(rule, file.file, parameters, rules, mistakes);
    }
  }
  return rules;
}

void throw_first(const Mistakes& mistakes) {
  if (mistakes.empty()) return;
  const auto& first = mistakes.front();
  Error error(ErrorKind::usage, first.text());
  if (!first.hint.empty()) {
    error.with_hint(first.hint);
  } else if (mistakes.size() > 1) {
    error.with_hint(fmt::format("gopack profile check lists this and {} more", mistakes.size() - 1));
  }
  throw Error(error);
}

}  // namespace

std::string Mistake::text() const {
  return fmt::format("{}:{}:{}: {}", file, position.line, position.column, printable(message));
}

std::string Location::text() const {
  return fmt::format("{}:{}", file, line);
}

Profile Profile::load(std::string_view name, const release::Version& version) {
  Mistakes mistakes;
  const auto chain = read_profile_chain(name, mistakes);
  throw_first(mistakes);
  const auto applies = [&](const WrittenRule& rule) { return !rule.range || rule.range->contains(version); };
  Profile profile;
  profile.name_ = chain.back().name;
  profile.description_ = chain.back().description;
  profile.rules_ = resolve(chain, parameters_for(version, chain), applies, mistakes);
  throw_first(mistakes);
  return profile;
}

const Rule* Profile::decide(std::string_view path) const {
  const auto rule =
      std::find_if(rules_.rbegin(), rules_.rend(), [path](const Rule& r) { return r.pattern.matches(path); });
  return rule == rules_.rend() ? nullptr : &*rule;
}

digest::Sha256 Profile::sha256() const {
  std::string text;
  for (const auto& rule : rules_) {
    text += fmt::format("{} {}\n", rule.action == Action::keep ? "keep" : "drop", rule.pattern.text());
  }
  return digest::hash(text);
}

std::vector<ProfileInfo> built_in_profiles() {
  std::vector<ProfileInfo> profiles;
  for (const auto& embedded : built_in_profile_files()) {
    Mistakes mistakes;
    const auto file = read_profile_file(std::string(embedded.text), std::string(embedded.name), mistakes);
    throw_first(mistakes);
    profiles.push_back({file.name, file.description});
  }
  std::sort(profiles.begin(), profiles.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return profiles;
}

std::string profile_text(std::string_view name) {
  return read_profile_text(name);
}

std::vector<std::string> check_profile(const std::filesystem::path& file) {
  Mistakes mistakes;
  // A name without a slash would mean a built-in profile.
  const auto name = is_profile_path(file.string()) ? file.string() : "./" + file.string();
  const auto chain = read_profile_chain(name, mistakes);
  resolve(
      chain, all_parameters(chain), [](const WrittenRule&) { return true; }, mistakes);
  std::vector<std::string> lines;
  for (const auto& mistake : mistakes) {
    lines.push_back(mistake.hint.empty() ? mistake.text()
                                         : fmt::format("{} ({})", mistake.text(), mistake.hint));
  }
  return lines;
}

}  // namespace gopack::trim
