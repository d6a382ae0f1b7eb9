#include "commands/complete.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>

#include "gopack/base/error.hpp"
#include "gopack/release/platform_names.hpp"
#include "gopack/release/releases.hpp"
#include "gopack/trim/profile.hpp"
#include "gopack/workflow/inventory.hpp"
#include "settings.hpp"
#include "store_argument.hpp"

namespace gopack::app {

namespace {

struct Word {
  std::string text;
  std::string description;
};
using Words = std::vector<Word>;

Words plain(const std::vector<std::string>& texts) {
  Words words;
  for (const auto& text : texts) words.push_back({text, ""});
  return words;
}

// What words can be made from: the store that the line means, if there is one.
class Known {
 public:
  explicit Known(const std::filesystem::path& home) {
    if (!store::Store::is_at(home)) return;
    SilentReporter silent;
    store_ = store::Store::open(home);
    inventory_ = workflow::take_inventory(*store_, {}, workflow::Measure::nothing, {silent});
  }

  // "1.22.5"; v_ names where one is begun, and profiles and platforms behind what they belong to.
  Words trees(const std::string& current) const {
    const auto plus = current.find('+');
    if (const auto slash = current.find('/', plus == std::string::npos ? 0 : plus);
        slash != std::string::npos)
      return trees_behind(current.substr(0, slash), '/');
    if (plus != std::string::npos) return trees_behind(current.substr(0, plus), '+');
    std::map<std::string, std::string> words;
    for (const auto& listed : inventory_.trees) {
      const auto& [id, manifest] = listed.tree;
      const bool is_id = current.starts_with("v_");
      auto& description = words[is_id ? id.text() : manifest.release.substr(2)];
      description +=
          (description.empty() ? "" : ", ") + (is_id ? manifest.release + " " : "") + manifest.profile;
    }
    Words found;
    for (const auto& [text, description] : words) found.push_back({text, description});
    return found;
  }

  Words fetched() const {
    std::set<release::Version> versions;
    for (const auto& download : inventory_.downloads) versions.insert(download.archive.version);
    Words words;
    for (const auto& version : versions) words.push_back({version.name().substr(2), ""});
    return words;
  }

  // Capabilities behind a profile's name and "+".
  static Words profiles(const std::string& current) {
    Words words;
    if (const auto plus = current.rfind('+'); plus != std::string::npos) {
      const auto named = "+" + current.substr(0, plus + 1);
      for (const auto& capability : trim::known_capabilities()) {
        if (named.find("+" + capability.name + "+") == std::string::npos)
          words.push_back({current.substr(0, plus + 1) + capability.name, capability.description});
      }
      return words;
    }
    for (const auto& [name, description] : trim::built_in_profiles()) words.push_back({name, description});
    return words;
  }

  // By which trees are chosen: their own are known by name, while to lay one out takes their file.
  Words profiles_of_trees() const {
    std::set<std::string> names;
    for (const auto& listed : inventory_.trees) names.insert(listed.tree.manifest.profile);
    return plain({names.begin(), names.end()});
  }

 private:
  // What "1.22" may be followed by: "+minimal" or "/linux-amd64".
  Words trees_behind(const std::string& selector, char separator) const {
    if (!store_) return {};
    std::map<std::string, std::string> words;
    try {
      SilentReporter silent;
      for (const auto& tree : store::choose_trees(*store_, {selector}, silent)) {
        const auto& manifest = tree.manifest;
        if (separator == '+') words[manifest.profile] = manifest.release;
        for (auto platform : separator == '/' ? manifest.platforms : std::vector<std::string>()) {
          std::replace(platform.begin(), platform.end(), '/', '-');
          words[platform] = manifest.release + " " + manifest.profile;
        }
      }
    } catch (const Error&) {
      return {};  // a path, or nothing that is there
    }
    Words found;
    for (const auto& [text, description] : words)
      found.push_back({fmt::format("{}{}{}", selector, separator, text), description});
    return found;
  }

  std::optional<store::Store> store_;
  workflow::Inventory inventory_;
};

// Words that may follow and, where the shell adds names of files, ":files" or ":directories".
struct Choice {
  Words words;
  std::string more;
};

// What is offered beside fixed words.
enum class Beside { nothing, platforms, profiles, profiles_of_trees, trees, trees_and_profiles, fetched };

struct Values {
  std::string_view name;   // of an option, its long one, or of a positional argument
  std::string_view words;  // fixed ones, separated by commas
  Beside beside = Beside::nothing;
  std::string_view more;  // ":files", ":directories"
};

constexpr std::string_view kNames = "latest,stable,oldstable";
constexpr Values kValues[] = {
    {"name", "", Beside::profiles, ":files"},
    {"--platform", "host,all", Beside::platforms, ""},
    {"--targets", "host,all", Beside::platforms, ""},
    {"--source", "official,goproxy", Beside::nothing, ":files"},
    {"--release", kNames, Beside::fetched, ""},
    {"release", kNames, Beside::fetched, ""},
    {"--trees-except", "", Beside::trees, ""},
    {"tree", "", Beside::trees, ""},
    {"what", "", Beside::trees, ":files"},
    {"before", "", Beside::trees_and_profiles, ":files"},
    {"after", "", Beside::trees_and_profiles, ":files"},
    {"--current", kNames, Beside::trees, ""},
    {"--against", "full", Beside::nothing, ":files"},
    {"--progress", "auto,always,never", Beside::nothing, ""},
    {"--color", "auto,always,never", Beside::nothing, ""},
    {"--durability", "full,fast", Beside::nothing, ""},
    {"--link", "auto,never", Beside::nothing, ""},
    {"--require", "lock,index,sumdb,signature", Beside::nothing, ""},
    {"--warm", "std", Beside::nothing, ""},
    {"--warm-flags", "plain,trimpath,race", Beside::nothing, ""},
    {"--shell", "sh,cmd,powershell,fish", Beside::nothing, ""},
    {"shell", "bash,zsh,fish,powershell", Beside::nothing, ""},
    {"--home", "", Beside::nothing, ":directories"},
    {"--fs", "exfat,fat32", Beside::nothing, ""},
    {"--partition", "mbr,gpt,none", Beside::nothing, ""},
    {"--cluster", "4K,32K,128K", Beside::nothing, ""},
    {"--size", "min", Beside::nothing, ""},
    {"--target", "", Beside::nothing, ":directories"},
    {"--share", "", Beside::nothing, ":directories"},
    {"--local", "", Beside::nothing, ":directories"},
    {"--base", "", Beside::nothing, ":directories"},
    {"--bundle", "", Beside::nothing, ":directories"},
    {"target", "", Beside::nothing, ":directories"},
    {"directory", "", Beside::nothing, ":directories"},
    {"file", "", Beside::nothing, ":files"},
    {"image", "", Beside::nothing, ":files"},
    {"device", "", Beside::nothing, ":files"},
    {"--report", "", Beside::nothing, ":files"},
    {"--output", "", Beside::nothing, ":files"},
    {"--out", "-", Beside::nothing, ":files"},
    {"--modules", "", Beside::nothing, ":files"},
    {"--lock", "", Beside::nothing, ":files"},
    {"--signing-key", "", Beside::nothing, ":files"},
};

Words words_beside(Beside beside, const Known& known, const std::string& current) {
  const auto append = [](Words words, const Words& others) {
    words.insert(words.end(), others.begin(), others.end());
    return words;
  };
  switch (beside) {
    case Beside::nothing:
      return {};
    case Beside::platforms: {
      Words words;
      for (const auto& platform : release::known_platforms()) words.push_back({platform.text(), ""});
      return words;
    }
    case Beside::profiles:
      return Known::profiles(current);
    case Beside::profiles_of_trees:
      return known.profiles_of_trees();
    case Beside::trees:
      return known.trees(current);
    case Beside::trees_and_profiles:
      return append(known.trees(current), Known::profiles(current));
    case Beside::fetched:
      return known.fetched();
  }
  return {};
}

// Selectors and profiles mean trees to some commands; others fetch releases and lay them out.
std::optional<Values> find_values(const std::string& name, const std::string& command) {
  if (name == "selector") {
    const bool is_fetched = command == "fetch" || command == "trim" || command == "make";
    return Values{"selector", kNames, is_fetched ? Beside::fetched : Beside::trees, ":files"};
  }
  if (name == "--profile") {
    const bool is_of_trees = command == "bundle" || command == "image";
    return is_of_trees ? Values{"--profile", "", Beside::profiles_of_trees, ""}
                       : Values{"--profile", "", Beside::profiles, ":files"};
  }
  const auto* row = std::find_if(std::begin(kValues), std::end(kValues),
                                 [&](const Values& values) { return values.name == name; });
  return row == std::end(kValues) ? std::nullopt : std::optional(*row);
}

// The values of an option, by its long name, or of a positional argument, by its word.
Choice values_of(const std::string& name, const std::string& command, const Known& known,
                 const std::string& current) {
  const auto values = find_values(name, command);
  if (!values) return {};
  auto words = plain(release::split_commas({std::string(values->words)}));
  for (auto& word : words_beside(values->beside, known, current)) words.push_back(std::move(word));
  return {std::move(words), std::string(values->more)};
}

// "-p,--platform" has "-p" and "--platform".
bool has_name(const OptionText& option, const std::string& name) {
  const auto names = "," + option.names + ",";
  return names.find("," + name + ",") != std::string::npos;
}

std::string long_name(const OptionText& option) {
  const auto at = option.names.find("--");
  return at == std::string::npos ? option.names : option.names.substr(at, option.names.find(',', at) - at);
}

// A line as far as it is written.
class Line {
 public:
  Line(const Command& root, const std::vector<std::string>& words) : commands_{root} {
    for (auto word = words.begin(); word != words.end(); ++word) {
      if (*word == "--" && !is_arguments_) {
        is_rest_ = !commands_.back().help().rest.empty();
        is_arguments_ = true;
        if (is_rest_) return;
      } else if (!is_arguments_ && word->starts_with("-")) {
        const auto* option = find_option(word->substr(0, word->find('=')));
        if (option == nullptr || !option->takes_value || word->find('=') != std::string::npos) continue;
        if (std::next(word) == words.end()) {
          wanting_ = *option;
        } else if (const auto& value = *++word; long_name(*option) == "--home") {
          home_ = value;
        }
      } else {
        take_word(*word);
      }
    }
  }

  std::filesystem::path home() const {
    auto settings = Settings::load(std::filesystem::current_path());
    if (!home_.empty()) settings.set_flag("home", {home_});
    return settings.home();
  }

  // The option before the = of "--link=a", where it is one that takes a value.
  std::string option_in(const std::string& current) {
    const auto equals = current.find('=');
    if (is_arguments_ || wanting_ || !current.starts_with("-") || equals == std::string::npos) return {};
    const auto* option = find_option(current.substr(0, equals));
    if (option == nullptr || !option->takes_value) return {};
    wanting_ = *option;
    return current.substr(0, equals + 1);
  }

  Choice choose(const std::string& current) const {
    if (is_rest_) return {{}, ":files"};
    const Known known(home());
    const auto& command = commands_.back();
    if (wanting_) return values_of(long_name(*wanting_), command.name(), known, current);
    if (current.starts_with("-") && !is_arguments_) return {options(), ""};
    Choice choice;
    for (const auto& below : command.commands()) choice.words.push_back({below.name(), below.description()});
    if (commands_.size() == 1 && !is_help_) {
      choice.words.push_back({"help", "Show what a command takes"});
      choice.words.push_back({"version", "Print the version"});
    }
    if (!choice.words.empty()) return choice;
    if (is_help_) return choice;
    const auto wanted = positional();
    if (!wanted.empty()) choice = values_of(wanted, command.name(), known, current);
    if (positionals_ == 0 && choice.more.empty() && takes_store_argument(command.name()))
      choice.more = ":directories";
    return choice;
  }

 private:
  bool descend(const std::string& word) {
    for (const auto& below : commands_.back().commands()) {
      if (below.name() != word) continue;
      commands_.push_back(below);
      return true;
    }
    return false;
  }

  const OptionText* find_option(const std::string& name) {
    for (auto command = commands_.rbegin(); command != commands_.rend(); ++command) {
      for (const auto& option : command->options()) {
        if (option.is_positional || !has_name(option, name)) continue;
        found_ = option;
        return &found_;
      }
    }
    return nullptr;
  }

  Words options() const {
    Words words;
    for (auto command = commands_.rbegin(); command != commands_.rend(); ++command) {
      for (const auto& option : command->options()) {
        if (!option.is_positional) words.push_back({long_name(option), option.description});
      }
    }
    return words;
  }

  // The word of the argument at the cursor: the last one takes all that follow.
  std::string positional() const {
    std::vector<std::string> names;
    for (const auto& option : commands_.back().options()) {
      if (option.is_positional) names.push_back(option.names);
    }
    return names.empty() ? "" : names[std::min(positionals_, names.size() - 1)];
  }

  void take_word(const std::string& word) {
    if (!is_arguments_ && word == "help" && commands_.size() == 1) {
      is_help_ = true;
    } else if (is_arguments_ || !descend(word)) {
      ++positionals_;
    }
  }

  std::vector<Command> commands_;
  std::optional<OptionText> wanting_;  // the option whose value is at the cursor
  OptionText found_;
  std::string home_;
  std::size_t positionals_ = 0;
  bool is_arguments_ = false;  // "--" has ended the options
  bool is_rest_ = false;       // and the command takes what follows as it is
  bool is_help_ = false;       // "help" stands before the command
};

}  // namespace

void print_completions(const Command& root, std::vector<std::string> arguments) {
  try {
    std::string current;
    if (!arguments.empty()) {
      current = arguments.back().substr(arguments.back().starts_with("=") ? 1 : 0);
      arguments.pop_back();
    }
    Line line(root, arguments);
    const auto option = line.option_in(current);
    const auto value = current.substr(option.size());
    const auto choice = line.choose(value);
    // Of several values with commas the last one is completed.
    const auto begun = option + value.substr(0, value.rfind(',') + 1);
    for (const auto& word : choice.words) {
      const auto text = begun + word.text;
      if (!text.starts_with(current)) continue;
      const auto description = word.description.empty() ? "" : "\t" + printable(word.description);
      std::puts((printable(text) + description).c_str());
    }
    if (!choice.more.empty()) std::puts(choice.more.c_str());
  } catch (const std::exception&) {
    // A shell has no place for errors while somebody types.
  }
}

}  // namespace gopack::app
