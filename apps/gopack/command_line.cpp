#include "command_line.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "gopack/base/error.hpp"
#include "gopack/base/similar.hpp"
#include "render/help.hpp"
#include "store_argument.hpp"

namespace gopack::app {

namespace {

// Stands before the words after "--" while CLI11 reads the line, which else takes some of them for options,
// commands or values. No argument has a NUL of its own.
constexpr char kAfterDashes = '\0';
// Ends the values of an option that takes any number, as git calls it.
constexpr const char* kEndOfOptions = "--end-of-options";

std::string without_mark(std::string word) {
  if (!word.empty() && word.front() == kAfterDashes) word.erase(0, 1);
  return word;
}

CLI::Option* take_mark_away(CLI::Option* option) {
  return option->get_positional() ? option->transform(without_mark) : option;
}

CLI::Option* add_setting_option(CLI::App& app, Invocation& invocation, const std::string& names,
                                const std::string& key, const std::string& description) {
  auto take = [&invocation, key](const std::vector<std::string>& values) { invocation.flags[key] = values; };
  return app.add_option_function<std::vector<std::string>>(names, take, description)
      ->type_name("TEXT")
      ->expected(1);
}

// Of gopack itself and the command that was given.
std::vector<std::string> all_options(const CLI::App& app) {
  std::vector<std::string> names;
  for (const auto* option : app.get_options()) {
    for (const auto& name : option->get_lnames()) names.push_back("--" + name);
  }
  for (const auto* command : app.get_subcommands()) {
    for (const auto& name : all_options(*command)) names.push_back(name);
  }
  return names;
}

// What other tools call them.
constexpr std::array<std::pair<const char*, const char*>, 16> kOtherNames = {{{"ls", "list"},
                                                                              {"rm", "remove"},
                                                                              {"uninstall", "remove"},
                                                                              {"install", "fetch"},
                                                                              {"download", "fetch"},
                                                                              {"get", "fetch"},
                                                                              {"update", "fetch"},
                                                                              {"upgrade", "fetch"},
                                                                              {"switch", "use"},
                                                                              {"default", "use"},
                                                                              {"select", "use"},
                                                                              {"run", "exec"},
                                                                              {"prune", "gc"},
                                                                              {"clean", "gc"},
                                                                              {"check", "verify"},
                                                                              {"pack", "bundle"}}};

std::string command_meant(const std::string& word, const std::vector<std::string>& names,
                          std::string_view otherwise) {
  const auto find_other = [](const std::string& name) {
    return std::find_if(kOtherNames.begin(), kOtherNames.end(),
                        [&](const auto& other) { return other.first == name; });
  };
  const auto similar = find_similar(word, names);
  auto other = find_other(word);
  if (other == kOtherNames.end() && !similar) {
    std::vector<std::string> others;
    for (const auto& [name, command] : kOtherNames) others.emplace_back(name);
    other = find_other(find_similar(word, others).value_or(""));
  }
  if (other == kOtherNames.end()) return did_you_mean(word, names, otherwise);
  return fmt::format("did you mean \"{}\"? {}", other->second, otherwise);
}

// CLI11 names the words that nothing has taken with their marks.
std::string message_of(const CLI::ParseError& error, const std::vector<std::string>& left) {
  if (dynamic_cast<const CLI::ExtrasError*>(&error) == nullptr) return error.what();
  std::vector<std::string> words;
  for (const auto& word : left) words.push_back(without_mark(word));
  return fmt::format("The following argument{} not expected: {}", words.size() == 1 ? " was" : "s were",
                     fmt::join(words, " "));
}

Error usage_error(const CLI::App& app, const CLI::ParseError& error) {
  const auto left = app.remaining();
  const bool is_unknown_command =
      app.get_subcommands().empty() && !left.empty() && !left.front().starts_with("-");
  constexpr std::string_view kHint = "`gopack --help` and `gopack COMMAND --help` show what there is";
  if (!is_unknown_command) {
    const auto options = all_options(app);
    const auto unknown =
        std::find_if(left.begin(), left.end(), [](const auto& word) { return word.starts_with("--"); });
    return Error(ErrorKind::usage, message_of(error, left))
        .with_hint(unknown == left.end() ? std::string(kHint) : did_you_mean(*unknown, options, kHint));
  }
  std::vector<std::string> names;
  for (const auto* command : app.get_subcommands({})) names.push_back(command->get_name());
  return Error(ErrorKind::usage, fmt::format("there is no command \"{}\"", printable(left.front())))
      .with_hint(command_meant(left.front(), names, kHint));
}

// Of the command or one above it.
const CLI::Option* find_option(const CLI::App* app, const std::string& name) {
  for (; app != nullptr; app = app->get_parent()) {
    if (const auto* option = app->get_option_no_throw(name)) return option;
  }
  return nullptr;
}

const CLI::App* find_below(const CLI::App& app, const std::string& name) {
  const auto commands = app.get_subcommands({});
  const auto below = std::find_if(commands.begin(), commands.end(),
                                  [&](const CLI::App* command) { return command->get_name() == name; });
  return below == commands.end() ? nullptr : *below;
}

// The command that `words` give; none where the last of them is an option without its value.
const CLI::App* find_command(const CLI::App& root, const std::vector<std::string>& words) {
  const auto* command = &root;
  for (auto word = words.begin(); word != words.end(); ++word) {
    if (!word->starts_with("-")) {
      if (const auto* below = find_below(*command, *word)) command = below;
      continue;
    }
    const auto* option = find_option(command, *word);
    if (option == nullptr || option->get_items_expected_max() == 0) continue;
    if (++word == words.end()) return nullptr;
  }
  return command;
}

}  // namespace

Command Command::add_command(const std::string& name, const std::string& description) {
  app_->require_subcommand(1);
  return {*app_->add_subcommand(name, description), *declarations_};
}

Command Command::add_hidden_command(const std::string& name) {
  auto command = add_command(name, "");
  command.app_->group("");
  return command;
}

void Command::add_option(const std::string& names, std::string& value, const std::string& description,
                         Occurrence occurrence) {
  take_mark_away(app_->add_option(names, value, description))->required(occurrence == Occurrence::required);
}

void Command::add_option(const std::string& names, std::vector<std::string>& values,
                         const std::string& description, Occurrence occurrence) {
  take_mark_away(app_->add_option(names, values, description))->required(occurrence == Occurrence::required);
}

void Command::add_repeated(const std::string& names, std::vector<std::string>& values,
                           const std::string& description) {
  app_->add_option(names, values, description)
      ->type_name("TEXT")
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void Command::add_choice(const std::string& names, std::string& value,
                         const std::vector<std::string>& choices, const std::string& description) {
  app_->add_option(names, value, description)->check(CLI::IsMember(choices));
}

void Command::add_flag(const std::string& names, bool& value, const std::string& description) {
  app_->add_flag(names, value, description);
}

void Command::add_setting(const std::string& names, const std::string& key, const std::string& description) {
  add_setting_option(*app_, declarations_->invocation, names, key, description)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast)
      ->allow_extra_args(false);
}

void Command::add_setting_list(const std::string& names, const std::string& key,
                               const std::string& description) {
  add_setting_option(*app_, declarations_->invocation, names, key, description)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->allow_extra_args(false);
}

void Command::add_setting_flag(const std::string& names, const std::string& key,
                               const std::string& description) {
  auto take = [invocation = &declarations_->invocation, key] { invocation->flags[key] = {"true"}; };
  app_->add_flag_callback(names, take, description);
}

void Command::add_rest(std::vector<std::string>& values, const std::string& description) {
  declarations_->helps[app_].rest = description;
  app_->preparse_callback(
      [&values, invocation = &declarations_->invocation](auto) { values = invocation->after_dashes; });
}

void Command::set_help(CommandHelp help) {
  auto& declared = declarations_->helps[app_];
  help.rest = std::move(declared.rest);
  if (takes_store_argument(name()))
    help.directory = fmt::format("`gopack {} DIR …` works on the store or bundle in DIR.", name());
  declared = std::move(help);
  app_->group(group_title(declared.group));
  app_->footer(help_ending(declared));
}

void Command::set_run(std::function<int(Program&)> run) {
  app_->callback([invocation = &declarations_->invocation, run = std::move(run)] { invocation->run = run; });
}

std::string Command::name() const {
  return app_->get_name();
}

std::string Command::description() const {
  return app_->get_description();
}

std::string Command::group() const {
  return app_->get_group();
}

CommandHelp Command::help() const {
  return declarations_->helps[app_];
}

std::vector<std::string> Command::option_names() const {
  std::vector<std::string> names;
  for (const auto* option : app_->get_options()) {
    for (const auto& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

std::vector<OptionText> Command::options() const {
  std::vector<OptionText> options;
  for (const auto* option : app_->get_options()) {
    options.push_back({.names = option->get_name(option->get_positional(), true),
                       .description = option->get_description(),
                       .is_positional = option->get_positional(),
                       .takes_value = option->get_items_expected_max() > 0});
  }
  return options;
}

std::vector<Command> Command::commands() const {
  std::vector<Command> commands;
  for (auto* command : app_->get_subcommands({})) {
    if (!command->get_group().empty()) commands.emplace_back(*command, *declarations_);
  }
  return commands;
}

CommandLine::CommandLine(const std::string& name, const std::string& description, const std::string& version)
    : app_(std::make_unique<CLI::App>(description, name)) {
  app_->set_version_flag("--version", version);
  app_->fallthrough();
  app_->footer("`gopack help COMMAND`, or `gopack COMMAND --help`, shows what a command takes.");
}

CommandLine::~CommandLine() = default;

// "help trim" is "trim --help", and "version" is "--version". A command that is not there is an error.
void CommandLine::take_words_for_flags(std::vector<std::string>& arguments) const {
  const auto word = std::find_if(arguments.begin(), arguments.end(),
                                 [](const std::string& text) { return !text.starts_with("-"); });
  if (word == arguments.end()) return;
  if (*word == "version") *word = "--version";
  if (*word != "help") return;
  const auto rest = arguments.erase(word);
  const auto named =
      std::find_if(rest, arguments.end(), [](const std::string& text) { return !text.starts_with("-"); });
  if (named == arguments.end() || find_below(*app_, *named) != nullptr) arguments.emplace_back("--help");
}

// Commands that take no rest have them as arguments, which are never options.
void CommandLine::take_words_after_dashes(std::vector<std::string>& arguments) {
  const auto dashes = std::find(arguments.begin(), arguments.end(), "--");
  if (dashes == arguments.end()) return;
  auto& words = declarations_.invocation.after_dashes;
  words.assign(dashes + 1, arguments.end());
  arguments.erase(dashes, arguments.end());
  const auto* command = find_command(*app_, arguments);
  if (words.empty() || command == nullptr || !command->get_subcommands({}).empty() ||
      !declarations_.helps[command].rest.empty())
    return;
  app_->add_flag(kEndOfOptions);
  arguments.emplace_back(kEndOfOptions);
  for (const auto& word : words) arguments.push_back(kAfterDashes + word);
}

std::optional<Invocation> CommandLine::parse(std::vector<std::string> arguments) {
  take_words_for_flags(arguments);
  take_words_after_dashes(arguments);
  std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants them
  try {
    app_->parse(std::move(arguments));
    return declarations_.invocation;
  } catch (const CLI::CallForHelp&) {
    std::fputs(fitted_help(app_->help()).c_str(), stdout);
    return std::nullopt;
  } catch (const CLI::Success& version) {
    app_->exit(version);
    return std::nullopt;
  } catch (const CLI::ParseError& error) {
    throw usage_error(*app_, error);
  }
}

}  // namespace gopack::app
