#include "render/command_reference.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "render/help.hpp"

namespace gopack::app {

namespace {

// Text for a cell of a table.
std::string table_cell(std::string_view text) {
  std::string escaped;
  for (const char c : text) escaped += c == '|' ? "\\|" : std::string(1, c);
  return escaped;
}

std::string table_row(std::string_view term, std::string_view description) {
  return fmt::format("| {} | {} |\n", table_cell(term), table_cell(description));
}

std::string option_table(const Command& command) {
  std::string rows;
  auto all = command.options();
  std::stable_partition(all.begin(), all.end(), [](const auto& option) { return option.is_positional; });
  for (const auto& option : all) {
    if (option.names == "-h,--help") continue;
    const auto* value = option.takes_value && !option.is_positional ? " VALUE" : "";
    rows += table_row(fmt::format("`{}{}`", option.names, value), option.description);
  }
  return rows.empty() ? rows : "\n| option | |\n|---|---|\n" + rows;
}

std::string usage_of(std::string name, const Command& command) {
  if (!command.commands().empty()) name += " COMMAND";
  name += " [OPTION…]";
  for (const auto& option : command.options())
    if (option.is_positional) name += fmt::format(" [{}]", option.names);
  if (!command.help().rest.empty()) name += " -- CMD…";
  return fmt::format("\n    {}\n", name);
}

// "0, 2, 130", each with what it means here where that is more than the table of all says.
std::string status_list(const CommandHelp& help) {
  std::string text;
  for (const auto& [status, meaning] : exit_statuses(help)) {
    const auto is_this = [code = status](const ExitStatus& own) {
      return own.status == code && !own.meaning.empty();
    };
    const bool is_special = std::any_of(help.statuses.begin(), help.statuses.end(), is_this);
    text += fmt::format("{}{}{}", text.empty() ? "" : ", ", status,
                        is_special ? fmt::format(" ({})", meaning) : "");
  }
  return text + ".\n";
}

// `name` is all its words, "gopack cache pull".
std::string section(const std::string& name, const Command& command) {
  const auto help = command.help();
  auto text = fmt::format("\n### {}\n\n{}.\n", name, command.description()) + usage_of(name, command);
  for (const auto& paragraph : {help.rest, help.directory})
    if (!paragraph.empty()) text += fmt::format("\n{}\n", paragraph);
  text += option_table(command);
  for (const auto& below : command.commands())
    text += fmt::format("\n`{} {}`: {}.\n", name, below.name(), below.description()) + option_table(below);
  if (!help.examples.empty()) text += "\nExamples:\n\n";
  for (const auto& example : help.examples) text += fmt::format("    {}\n", example);
  text += "\nExit status: " + status_list(help);
  return text;
}

}  // namespace

std::string command_reference(const Command& root) {
  std::string text =
      "# Commands\n\nWhat `gopack help COMMAND` and `man gopack-COMMAND` say, from the same source. "
      "[manual.md](manual.md) explains what\nthe commands do.\n\n## Global options\n\n"
      "Every command takes them, and `--help`.\n" +
      option_table(root) + "\n## Exit status\n\n| | |\n|---:|---|\n";
  for (const auto& [status, meaning] : exit_statuses({.statuses = {{3}, {4}, {5}, {6}, {7}}}))
    text += table_row(std::to_string(status), meaning);
  std::string group;
  for (const auto& command : root.commands()) {
    if (command.group() != group) text += fmt::format("\n## {}\n", command.group());
    group = command.group();
    text += section(fmt::format("gopack {}", command.name()), command);
  }
  return text;
}

}  // namespace gopack::app
