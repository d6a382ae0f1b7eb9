#include "gopack/trim/profile.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <set>
#include <span>
#include <stdexcept>

#include "capability_table.hpp"
#include "gopack/base/error.hpp"
#include "gopack/base/similar.hpp"
#include "gopack/release/platform_names.hpp"
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
        rules.push_back({rule.action, Glob(*pattern), rule.category, rule.reason, {file, position.line}, {}});
      }
    } catch (const std::invalid_argument& e) {
      mistakes.push_back(
          {file, position, fmt::format("the pattern \"{}\" is malformed: {}", text, e.what()), {}});
    }
  }
}

std::vector<Rule> resolve(std::span<const ProfileFile> chain, const Parameters& parameters,
                          const std::function<bool(const WrittenRule&)>& applies, Mistakes& mistakes) {
  std::vector<Rule> rules;
  for (const auto& file : chain) {
    for (const auto& rule : file.rules) {
      if (applies(rule)) resolve_rule(rule, file.file, parameters, rules, mistakes);
    }
  }
  return rules;
}

// A profile's name, and the capabilities that were added to it.
struct NameParts {
  std::string profile;
  std::vector<std::string> added;
};

NameParts split_name(std::string_view name) {
  std::size_t start = 0;  // a path may hold a "+" of its own: what is added follows the file's ending
  for (const std::string_view ending : {".yaml", ".yml"}) {
    if (const auto at = name.rfind(ending); at != std::string_view::npos)
      start = std::max(start, at + ending.size());
  }
  if (start == 0 && is_profile_path(name)) return {std::string(name), {}};
  auto plus = name.find('+', start);
  NameParts parts{std::string(name.substr(0, plus)), {}};
  while (plus != std::string_view::npos) {
    const auto next = name.find('+', plus + 1);
    parts.added.emplace_back(name.substr(plus + 1, next - plus - 1));
    plus = next;
  }
  return parts;
}

// For the hint about one that does not exist.
std::string similar_capabilities(std::string_view name) {
  std::vector<std::string> names;
  for (const auto& capability : CapabilityTable::built_in().capabilities()) names.push_back(capability.name);
  return did_you_mean(name, names, fmt::format("one of {}", fmt::join(names, ", ")));
}

void check_capabilities(const std::vector<ProfileFile>& chain, Mistakes& mistakes) {
  for (const auto& file : chain) {
    for (const auto& [name, position] : file.capabilities) {
      if (name.empty() || CapabilityTable::built_in().find(name) != nullptr) continue;
      mistakes.push_back({file.file, position, fmt::format("there is no capability \"{}\"", name),
                          similar_capabilities(name)});
    }
  }
}

// What is asked for in the profile's name must exist, and must add something.
void check_added(const NameParts& parts, const std::vector<ProfileFile>& chain) {
  if (parts.added.empty()) return;
  for (const auto& name : parts.added) {
    if (CapabilityTable::built_in().find(name) != nullptr) continue;
    throw Error(ErrorKind::usage, fmt::format("there is no capability \"{}\"", printable(name)))
        .with_hint(similar_capabilities(name));
  }
  if (std::any_of(chain.begin(), chain.end(), [](const auto& file) { return !file.capabilities.empty(); }))
    return;
  throw Error(ErrorKind::usage,
              fmt::format("cannot add capabilities to {}: it declares none and drops files by "
                          "rules alone",
                          printable(parts.profile)))
      .with_hint("add them to a profile such as minimal");
}

// Names that occur in both, as text: "cgo, race".
std::string common(const std::vector<std::string>& some, const std::set<std::string>& others) {
  std::vector<std::string> names;
  for (const auto& name : some) {
    if (others.contains(name)) names.push_back(name);
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

// The rules that follow from capabilities: each entry of the table keeps what one of them needs.
std::vector<Rule> resolve_needs(const std::set<std::string>& capabilities, const release::Version& version,
                                Mistakes& mistakes) {
  std::vector<Rule> rules;
  for (const auto& need : CapabilityTable::built_in().requirements()) {
    if (need.files.range && !need.files.range->contains(version)) continue;
    const auto serves = common(need.capabilities, capabilities);
    auto files = need.files;
    files.action = serves.empty() ? Action::drop : Action::keep;
    const auto first = rules.size();
    resolve_rule(files, "capabilities.yaml", {}, rules, mistakes);
    for (auto i = first; i < rules.size(); ++i)
      rules[i].capabilities = serves.empty() ? fmt::format("{}", fmt::join(need.capabilities, ", ")) : serves;
  }
  return rules;
}

const Rule* last_match(std::span<const Rule> rules, std::string_view path) {
  const auto rule =
      std::find_if(rules.rbegin(), rules.rend(), [path](const Rule& r) { return r.pattern.matches(path); });
  return rule == rules.rend() ? nullptr : &*rule;
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
  return file.empty() ? std::string() : fmt::format("{}:{}", file, line);
}

Profile Profile::load(std::string_view name, const release::Version& version) {
  const auto parts = split_name(name);
  Mistakes mistakes;
  const auto chain = read_profile_chain(parts.profile, mistakes);
  check_capabilities(chain, mistakes);
  throw_first(mistakes);
  check_added(parts, chain);
  Profile profile;
  profile.version_ = version;
  profile.name_ = chain.back().name;
  for (const auto& added : parts.added) profile.name_ += "+" + added;
  profile.description_ = chain.back().description;
  profile.declare(chain, parts.added, mistakes);
  const auto applies = [&](const WrittenRule& rule) { return !rule.range || rule.range->contains(version); };
  const auto parameters = parameters_for(version, chain);
  const auto first_own =
      std::find_if(chain.begin(), chain.end(), [](const auto& file) { return !file.is_built_in; });
  const auto parents = static_cast<std::size_t>(first_own - chain.begin());
  const auto whole = std::span(chain);
  profile.needs_ = profile.rules_.size();
  profile.append(resolve(whole.first(parents), parameters, applies, mistakes));
  profile.own_ = profile.rules_.size();
  profile.append(resolve(whole.subspan(parents), parameters, applies, mistakes));
  throw_first(mistakes);
  return profile;
}

Profile Profile::recorded(std::string_view name, const std::vector<std::string>& capabilities,
                          const release::Version& version) {
  Profile profile;
  profile.version_ = version;
  profile.name_ = name;
  std::set<std::string> known;
  for (const auto& capability : capabilities) {
    if (CapabilityTable::built_in().find(capability) != nullptr) known.insert(capability);
  }
  Mistakes mistakes;
  profile.serve(known, mistakes);
  throw_first(mistakes);
  profile.needs_ = profile.own_ = profile.rules_.size();
  return profile;
}

void Profile::append(std::vector<Rule> rules) {
  std::move(rules.begin(), rules.end(), std::back_inserter(rules_));
}

void Profile::declare(const std::vector<ProfileFile>& chain, const std::vector<std::string>& added,
                      Mistakes& mistakes) {
  std::set<std::string> declared(added.begin(), added.end());
  for (const auto& file : chain) {
    for (const auto& [name, position] : file.capabilities) {
      declared.insert(name);
      declarations_[name] = {file.file, position.line};
    }
    if (file.targets.empty()) continue;
    targets_.clear();
    for (const auto& target : file.targets) targets_.push_back(target.text);
  }
  serve(declared, mistakes);
}

void Profile::serve(const std::set<std::string>& declared, Mistakes& mistakes) {
  if (declared.empty()) return;
  const auto& table = CapabilityTable::built_in();
  std::set<std::string> names;
  std::set<std::string> tags;
  for (const auto* capability : table.closure(declared, version_)) {
    capabilities_.push_back(capability->name);
    names.insert(capability->name);
    tags.insert(capability->tags.begin(), capability->tags.end());
    targets_.insert(targets_.end(), capability->targets.begin(), capability->targets.end());
  }
  for (const auto& capability : table.capabilities()) {
    for (const auto& tag : capability.tags) {
      if (!tags.contains(tag)) tags_off_.insert(tag);
    }
  }
  rules_ = resolve_needs(names, version_, mistakes);
}

std::string Profile::declaration(std::string_view capability) const {
  const auto found = declarations_.find(capability);
  return found == declarations_.end() ? std::string() : found->second.text();
}

std::optional<BuildTargets> Profile::build_targets(const std::vector<release::Platform>& hosts,
                                                   const std::vector<std::string>& instead) const {
  const auto& words = instead.empty() ? targets_ : instead;
  if (words.empty() && capabilities_.empty()) return std::nullopt;
  auto targets = hosts;
  for (const auto& word : words) {
    if (word == "host") continue;
    if (word == "all") return BuildTargets(version_, {}, tags_off_);
    const auto target = release::Platform::try_parse(word);
    if (!target || !release::is_known(*target))
      throw release::unknown_platform(word, "target", release::known_platforms());
    targets.push_back(*target);
  }
  if (words.empty()) targets.clear();
  return BuildTargets(version_, std::move(targets), tags_off_);
}

const Rule* Profile::decide(std::string_view path) const {
  return last_match(rules_, path);
}

const Rule* Profile::need(std::string_view path) const {
  return last_match(std::span(rules_).first(needs_), path);
}

bool Profile::is_need(const Rule& rule) const {
  return &rule < rules_.data() + needs_;
}

digest::Sha256 Profile::sha256() const {
  std::string text;
  for (const auto& rule : rules_) {
    text += fmt::format("{} {}\n", rule.action == Action::keep ? "keep" : "drop", rule.pattern.text());
  }
  for (const auto& target : targets_) text += fmt::format("target {}\n", target);
  for (const auto& tag : tags_off_) text += fmt::format("never {}\n", tag);
  return digest::hash(text);
}

std::vector<CapabilityInfo> known_capabilities() {
  std::vector<CapabilityInfo> known;
  for (const auto& capability : CapabilityTable::built_in().capabilities())
    known.push_back({capability.name, capability.description});
  return known;
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
  return name == "capabilities" ? CapabilityTable::text() : read_profile_text(name);
}

std::vector<std::string> check_profile(const std::filesystem::path& file) {
  Mistakes mistakes;
  // A name without a slash would mean a built-in profile.
  const auto name = is_profile_path(file.string()) ? file.string() : "./" + file.string();
  const auto chain = read_profile_chain(name, mistakes);
  check_capabilities(chain, mistakes);
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
