#include "gopack/launch/lacking.hpp"

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

#include "gopack/launch/go_env.hpp"
#include "gopack/launch/rules.hpp"
#include "words.hpp"

namespace gopack::launch {

namespace {

using Words = std::vector<std::string>;

bool contains(const Words& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string capability_of(std::span<const Wish> wishes, std::string_view word) {
  for (const auto& wish : wishes)
    if (word == wish.word) return std::string(wish.capability);
  return {};
}

// A flag with its value, and how many words they take.
struct Flag {
  std::string name;
  std::string value = "true";
  std::size_t words = 1;
};

// The flag in front of these words; nothing where something else is.
std::optional<Flag> first_flag(std::span<const std::string> words) {
  std::string_view text = words.empty() ? std::string_view() : words.front();
  if (!text.starts_with('-')) return std::nullopt;
  text.remove_prefix(text.starts_with("--") ? 2 : 1);
  const auto equals = text.find('=');
  Flag flag{std::string(text.substr(0, equals))};
  if (flag.name.empty()) return std::nullopt;
  if (equals != std::string_view::npos) {
    flag.value = text.substr(equals + 1);
  } else if (std::find(std::begin(kWithValue), std::end(kWithValue), flag.name) != std::end(kWithValue)) {
    flag.words = std::min<std::size_t>(2, words.size());
    flag.value = flag.words == 2 ? words[1] : "";
  }
  return flag;
}

// What flags and variables ask for, each by its name.
using Asked = std::vector<std::pair<std::string, std::string>>;

void ask(Asked& asked, const std::string& name, const std::string& value) {
  auto wish = name;
  wish += '=';
  wish += value;
  for (const auto& [pattern, capability] : kWishes) {
    if (!fits(pattern, wish)) continue;
    const auto is_own = [&](const auto& before) { return before.first == name; };
    const auto own = std::find_if(asked.begin(), asked.end(), is_own);
    (own == asked.end() ? asked.emplace_back(name, "") : *own).second = capability;
    return;
  }
}

void ask_by_flags(Asked& asked, std::span<const std::string> words, bool is_run) {
  while (!words.empty() && words.front() != "-args" && words.front() != "--args") {
    const auto flag = first_flag(words);
    if (!flag && is_run) return;  // the program; what follows is for it
    if (flag) ask(asked, flag->name, flag->value);
    words = words.subspan(flag ? flag->words : 1);
  }
}

// As Go looks a variable up.
std::string setting_of(const StartedCommand& command, const char* name) {
  const auto own = command.variable(name);
  return own.empty() ? std::string(value_of(command.go_env, name)) : own;
}

// The words of go without -C DIR in front.
std::span<const std::string> words_of(const StartedCommand& command) {
  const std::span<const std::string> words = command.arguments;
  const auto flag = first_flag(words);
  return flag && flag->name == "C" ? words.subspan(flag->words) : words;
}

// `words` follow `go tool`: its own flags, and the tool.
std::string tool_capability(std::span<const std::string> words) {
  while (const auto flag = first_flag(words)) words = words.subspan(flag->words);
  return words.empty() ? std::string() : capability_of(kTools, words.front());
}

Words wished_capabilities(const StartedCommand& command, std::span<const std::string> words, bool is_idle) {
  if (command.program == "gofmt") return {"fmt"};
  if (command.program != "go" || words.empty()) return {};
  if (words[0] == "tool") return {tool_capability(words.subspan(1))};
  if (is_idle) return {};
  Asked asked;
  if (std::find(std::begin(kCompiling), std::end(kCompiling), words[0]) != std::end(kCompiling)) {
    for (const auto& word : split_words(setting_of(command, "GOFLAGS")).value_or(Words()))
      if (const auto flag = first_flag({&word, 1})) ask(asked, flag->name, flag->value);
  }
  ask_by_flags(asked, words.subspan(1), words[0] == "run");
  for (const char* name : {"CGO_ENABLED", "GOEXPERIMENT", "GOFIPS140"})
    ask(asked, name, setting_of(command, name));
  Words wished = {capability_of(kCommands, words[0])};
  for (const auto& [name, capability] : asked) wished.push_back(capability);
  return wished;
}

std::string wished_target(const StartedCommand& command) {
  const auto slash = command.host.find('/');
  const auto os = setting_of(command, "GOOS");
  const auto arch = setting_of(command, "GOARCH");
  return (os.empty() ? command.host.substr(0, slash) : os) + "/" +
         (arch.empty() ? command.host.substr(slash + 1) : arch);
}

std::string text_at(std::string_view manifest, std::string_view key) {
  const auto at = manifest.find("\"" + std::string(key) + "\": \"");
  if (at == std::string_view::npos) return {};
  const auto text = manifest.substr(at + key.size() + 5);
  return std::string(text.substr(0, text.find('"')));
}

Words list_at(std::string_view manifest, std::string_view key) {
  const auto at = manifest.find("\"" + std::string(key) + "\": [");
  if (at == std::string_view::npos) return {};
  auto text = manifest.substr(at + key.size() + 5);
  text = text.substr(0, text.find(']'));
  Words words;
  for (auto quote = text.find('"'); quote != std::string_view::npos; quote = text.find('"')) {
    text.remove_prefix(quote + 1);
    const auto end = text.find('"');
    words.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return words;
}

std::string join(const Words& words, const char* separator) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : separator) + word;
  return text;
}

Words lacking_capabilities(const Abilities& tree, const Words& wished) {
  Words lacking;
  for (const auto& capability : wished) {
    if (!capability.empty() && !contains(tree.capabilities, capability) && !contains(lacking, capability))
      lacking.push_back(capability);
  }
  return lacking;
}

// The option that adds the target; empty where the tree has it.
std::string lacking_target(const Abilities& tree, const std::string& target) {
  if (tree.targets.empty() || contains(tree.targets, target)) return {};
  return " --targets " + join(tree.targets, ",") + "," + target;
}

}  // namespace

std::string profile_word(const std::string& profile) {
  const auto base = profile.substr(0, profile.find('+'));
  const bool is_built_in = std::find(std::begin(kProfiles), std::end(kProfiles), base) != std::end(kProfiles);
  return is_built_in ? profile : "FILE";
}

Abilities parse_abilities(std::string_view manifest) {
  const auto head = manifest.substr(0, manifest.find("\"origins\""));
  return {text_at(head, "release"), text_at(head, "profile"), list_at(head, "capabilities"),
          list_at(head, "targets")};
}

std::optional<std::string> find_lacking(const Abilities& tree, const StartedCommand& command) {
  if (tree.capabilities.empty()) return std::nullopt;
  const auto words = words_of(command);
  // A command that compiles nothing, whatever the environment says.
  const bool is_idle = command.program != "go" || words.empty() || words[0] == "tool" ||
                       std::find(std::begin(kIdle), std::end(kIdle), words[0]) != std::end(kIdle);
  auto lacking = lacking_capabilities(tree, wished_capabilities(command, words, is_idle));
  const auto added = lacking.empty() ? std::string() : "+" + join(lacking, "+");
  const auto target = wished_target(command);
  const auto targets = is_idle ? std::string() : lacking_target(tree, target);
  if (!targets.empty()) lacking.push_back("the target " + target);
  if (lacking.empty()) return std::nullopt;
  const auto release = tree.release.starts_with("go") ? tree.release.substr(2) : tree.release;
  return "this Go (" + tree.release + ", " + tree.profile + ") lacks " + join(lacking, ", ") +
         ": `gopack trim " + release + " --profile " + profile_word(tree.profile) + added + targets +
         "` lays out one that has it";
}

}  // namespace gopack::launch
