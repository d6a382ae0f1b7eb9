#include "gopack/launch/lacking.hpp"

#include <algorithm>
#include <iterator>
#include <span>

#include "gopack/launch/rules.hpp"

namespace gopack::launch {

namespace {

using Words = std::vector<std::string>;

// A flag that needs a capability, with its value where not every value does.
struct FlagWish {
  const char* word;
  const char* value;
  const char* capability;
};
constexpr FlagWish kFlags[] = {{"race", "", "race"},
                               {"cover", "", "cover"},
                               {"covermode", "", "cover"},
                               {"coverpkg", "", "cover"},
                               {"coverprofile", "", "cover"},
                               {"pgo", "", "pgo"},
                               {"buildmode", "plugin", "plugin"},
                               {"buildmode", "c-shared", "c-shared"},
                               {"buildmode", "c-archive", "c-shared"}};
// Flags whose value is the next word, where `go run` has flags before the program and the program's own
// behind it.
constexpr const char* kWithValue[] = {"C",       "asmflags", "buildmode", "covermode", "coverpkg", "exec",
                                      "gcflags", "ldflags",  "mod",       "modfile",   "overlay",  "p",
                                      "pgo",     "pkgdir",   "tags",      "toolexec"};

bool contains(const Words& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string capability_of(std::span<const Wish> wishes, std::string_view word) {
  for (const auto& wish : wishes)
    if (word == wish.word) return std::string(wish.capability);
  return {};
}

// A flag without its dashes and value; nothing where the word is not one.
std::string flag_name(std::string_view word) {
  if (!word.starts_with('-')) return {};
  word.remove_prefix(word.starts_with("--") ? 2 : 1);
  return std::string(word.substr(0, word.find('=')));
}

std::string flag_capability(const Words& words, std::size_t at) {
  const auto name = flag_name(words[at]);
  if (name.empty()) return {};
  const auto equals = words[at].find('=');
  const auto value = equals != std::string::npos ? words[at].substr(equals + 1)
                     : at + 1 < words.size()     ? words[at + 1]
                                                 : std::string();
  if (name == "race" && equals != std::string::npos && value != "true" && value != "1") return {};
  if (name == "pgo" && (value == "off" || value == "auto")) return {};
  for (const auto& flag : kFlags)
    if (name == flag.word && (*flag.value == '\0' || value == flag.value)) return flag.capability;
  return {};
}

Words wished_by_flags(const Words& words, std::size_t from, bool is_run) {
  Words wished;
  for (std::size_t i = from; i < words.size() && words[i] != "-args" && words[i] != "--args"; ++i) {
    const auto name = flag_name(words[i]);
    if (name.empty() && is_run) break;  // the program; what follows is for it
    wished.push_back(flag_capability(words, i));
    const bool has_value =
        std::find(std::begin(kWithValue), std::end(kWithValue), name) != std::end(kWithValue);
    if (has_value && words[i].find('=') == std::string::npos) ++i;
  }
  return wished;
}

// The words of go without -C DIR in front.
Words words_of(const StartedCommand& command) {
  auto words = command.arguments;
  if (words.empty() || flag_name(words[0]) != "C") return words;
  const std::size_t count = words[0].find('=') == std::string::npos ? 2 : 1;
  words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(std::min(count, words.size())));
  return words;
}

Words wished_capabilities(const StartedCommand& command, const Words& words, bool is_idle) {
  if (command.program == "gofmt") return {"fmt"};
  if (words.size() > 1 && words[0] == "tool") return {capability_of(kTools, words[1])};
  if (is_idle) return {};
  Words wished = {capability_of(kCommands, words[0])};
  const auto flags = wished_by_flags(words, 1, words[0] == "run");
  wished.insert(wished.end(), flags.begin(), flags.end());
  if (command.variable("CGO_ENABLED") == "1") wished.emplace_back("cgo");
  if (command.variable("GOEXPERIMENT").find("boringcrypto") != std::string::npos)
    wished.emplace_back("boringcrypto");
  const auto fips = command.variable("GOFIPS140");
  if (!fips.empty() && fips != "off" && fips != "latest") wished.emplace_back("fips");
  return wished;
}

std::string wished_target(const StartedCommand& command) {
  const auto slash = command.host.find('/');
  const auto os = command.variable("GOOS");
  const auto arch = command.variable("GOARCH");
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
