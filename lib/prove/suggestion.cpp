#include "gopack/prove/suggestion.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <set>

#include "gopack/base/error.hpp"
#include "gopack/release/releases.hpp"
#include "gopack/trim/profile.hpp"

namespace gopack::prove {

namespace {

using release::Platform;

constexpr const char* kSmallest = "build-only";

// What people ask the go command for, and the capability that this is.
const std::map<std::string, std::string, std::less<>> kWords = {{"test", "test"},
                                                                {"vet", "vet"},
                                                                {"fmt", "fmt"},
                                                                {"doc", "doc"},
                                                                {"generate", "generate"},
                                                                {"tool", "tools"},
                                                                {"-race", "race"},
                                                                {"-cover", "cover"},
                                                                {"-buildmode=plugin", "plugin"},
                                                                {"-pgo", "pgo"},
                                                                {"-coverprofile", "cover"},
                                                                {"-buildmode=c-shared", "c-shared"},
                                                                {"-coverpkg", "cover"},
                                                                {"-buildmode=c-archive", "c-shared"}};

// The go command reads the heads of all sources in a directory to choose among them.
bool is_only_scanned(const std::string& program, const std::string& path) {
  if (program != "go") return false;
  for (const auto* ending : {".go", ".s", ".S", ".c", ".h"}) {
    if (path.ends_with(ending)) return true;
  }
  return false;
}

std::set<std::string> files_used(const Trace& trace, const tree::Manifest& manifest) {
  std::set<std::string> used;
  const auto add = [&](const std::string& path) {
    if (manifest.find(path) != nullptr) used.insert(path);
  };
  for (const auto& [program, path] : trace.opened) {
    if (!is_only_scanned(program, path)) add(path);
  }
  for (const auto& start : trace.starts) add(start.path);
  return used;
}

// What the user's own calls of the go command say.
std::set<std::string> capabilities_asked_for(const Trace& trace) {
  std::set<std::string> capabilities;
  for (const auto& [path, words, target] : trace.starts) {
    if (!path.starts_with("bin/") || !path.ends_with("/go") || words.size() < 2) continue;
    for (std::size_t i = 1; i < words.size(); ++i) {
      const bool is_flag = words[i].starts_with('-');
      auto word = words[i].starts_with("--") ? words[i].substr(1) : words[i];
      if (!word.starts_with("-buildmode=")) word = word.substr(0, word.find('='));
      const auto known = kWords.find(word);
      if (known != kWords.end() && (i == 1 || is_flag)) capabilities.insert(known->second);
    }
  }
  return capabilities;
}

std::vector<std::string> targets_used(const Trace& trace) {
  std::set<std::string> others;
  for (const auto& start : trace.starts) {
    const auto target = Platform::try_parse(start.target);
    if (target && *target != Platform::host()) others.insert(target->text());
  }
  std::vector<std::string> targets{"host"};
  targets.insert(targets.end(), others.begin(), others.end());
  return targets;
}

trim::Profile load(const std::set<std::string>& capabilities, const release::Version& version) {
  std::string name = kSmallest;
  for (const auto& capability : capabilities) name += "+" + capability;
  return trim::Profile::load(name, version);
}

std::vector<std::string> split_list(const std::string& text) {
  auto words = release::split_commas({text});
  for (auto& word : words) word.erase(0, word.find_first_not_of(' '));
  return words;
}

// Adds what keeps the files used, those first for which there is one capability alone. Returns the files that
// no capability keeps.
std::set<std::string> complete(std::set<std::string>& capabilities, const std::set<std::string>& used,
                               const release::Version& version) {
  for (std::size_t most = 1;; ++most) {
    auto profile = load(capabilities, version);
    std::set<std::string> left;
    bool has_choice = false;
    for (const auto& path : used) {
      const auto* need = profile.need(path);
      if (need == nullptr || need->action == trim::Action::keep) continue;
      const auto choices = split_list(need->capabilities);
      if (choices.empty() || choices.front().empty()) {
        left.insert(path);
      } else if (choices.size() <= most) {
        capabilities.insert(choices.front());
        profile = load(capabilities, version);
      } else {
        has_choice = true;
      }
    }
    if (!has_choice) return left;
  }
}

std::string to_yaml(const Suggestion& suggestion, const std::vector<std::string>& command) {
  const auto list = [](const std::vector<std::string>& words) {
    return fmt::format("[{}]", fmt::join(words, ", "));
  };
  auto text = fmt::format("# What this uses of {}: {}\nname: suggested\ncapabilities: {}\ntargets: {}\n",
                          suggestion.release, printable(fmt::format("{}", fmt::join(command, " "))),
                          list(suggestion.capabilities), list(suggestion.targets));
  if (suggestion.keep.empty()) return text;
  text += "rules:\n  - keep:\n";
  for (const auto& pattern : suggestion.keep) text += fmt::format("      - \"{}\"\n", pattern);
  return text + "    category: used\n    reason: the command opened files there\n";
}

}  // namespace

Suggestion suggest_profile(const Use& use) {
  auto capabilities = capabilities_asked_for(use.trace);
  Suggestion suggestion{.release = use.version.name(),
                        .capabilities = {},
                        .targets = targets_used(use.trace),
                        .keep = {},
                        .profile = {}};
  if (suggestion.targets.size() > 1) capabilities.insert("cross");
  const auto left = complete(capabilities, files_used(use.trace, use.release), use.version);
  std::set<std::string> directories;
  for (const auto& path : left) directories.insert(std::string(tree::parent_of(path)) + "/*");
  suggestion.keep.assign(directories.begin(), directories.end());
  suggestion.capabilities.push_back("build");
  suggestion.capabilities.insert(suggestion.capabilities.end(), capabilities.begin(), capabilities.end());
  suggestion.profile = to_yaml(suggestion, use.command);
  return suggestion;
}

}  // namespace gopack::prove
