#include "render/man_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "render/help.hpp"

namespace gopack::app {

namespace {

// Text as every roff reads it: no request at the start of a line, hyphens that can be copied, plain dots.
std::string escape(std::string_view text) {
  constexpr std::string_view kEllipsis = "\u2026";
  std::string escaped;
  for (; !text.empty(); text.remove_prefix(1)) {
    const char c = text.front();
    if (text.starts_with(kEllipsis)) {
      escaped += "...";
      text.remove_prefix(kEllipsis.size() - 1);
    } else if (c == '\\') {
      escaped += "\\e";
    } else if (c == '-') {
      escaped += "\\-";
    } else if ((c == '.' || c == '\'') && (escaped.empty() || escaped.back() == '\n')) {
      escaped += fmt::format("\\&{}", c);
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

std::string heading(const std::string& name, const std::string& description) {
  return fmt::format(".TH {} 1 \"\" gopack \"gopack manual\"\n.SH NAME\n{} \\- {}\n", escape(upper(name)),
                     escape(name), escape(description));
}

std::string synopsis(const std::string& name, const Command& command) {
  auto line = fmt::format(".SH SYNOPSIS\n.B {}\n[\\fIOPTION\\fR]...", escape(name));
  for (const auto& option : command.options()) {
    if (option.is_positional) line += fmt::format(" [\\fI{}\\fR]", escape(upper(option.names)));
  }
  if (!command.commands().empty()) line += " \\fICOMMAND\\fR";
  if (!command.help().rest.empty()) line += " \\-\\- \\fICMD\\fR...";
  return line + "\n";
}

std::string entry(const std::string& term, const std::string& description) {
  return fmt::format(".TP\n{}\n{}\n", term, escape(description));
}

std::string options(const Command& command) {
  std::string text;
  for (const auto& option : command.options()) {
    if (option.is_positional) {
      text += entry(fmt::format("\\fI{}\\fR", escape(upper(option.names))), option.description);
    } else {
      const auto* value = option.takes_value ? " \\fIVALUE\\fR" : "";
      text += entry(fmt::format("\\fB{}\\fR{}", escape(option.names), value), option.description);
    }
  }
  return text;
}

std::string below(const Command& command) {
  std::string text;
  for (const auto& sub : command.commands())
    text += fmt::format(".SS {}\n{}\n{}", escape(sub.name()), escape(sub.description()), options(sub));
  return text.empty() ? text : ".SH COMMANDS\n" + text;
}

std::string exit_status(const CommandHelp& help) {
  std::string text = ".SH EXIT STATUS\n";
  for (const auto& [status, meaning] : exit_statuses(help))
    text += entry(fmt::format("\\fB{}\\fR", status), meaning);
  return text;
}

std::string examples(const CommandHelp& help) {
  std::string text;
  for (const auto& example : help.examples) text += escape(example) + "\n";
  return text.empty() ? text : ".SH EXAMPLES\n.nf\n" + text + ".fi\n";
}

}  // namespace

std::string man_page(const Command& root) {
  std::string commands = ".SH COMMANDS\n";
  std::string group;
  for (const auto& command : root.commands()) {
    if (command.group() != group) commands += fmt::format(".SS {}\n", command.group());
    group = command.group();
    commands += entry(fmt::format("\\fBgopack\\-{}\\fR(1)", escape(command.name())), command.description());
  }
  const CommandHelp all{.statuses = {{3}, {4}, {5}, {6}, {7}}};
  return heading("gopack", root.description()) + synopsis("gopack", root) + commands + ".SH OPTIONS\n" +
         options(root) + exit_status(all);
}

std::string man_page(const Command& root, const Command& command) {
  const auto name = fmt::format("gopack {}", command.name());
  const auto help = command.help();
  auto text = heading("gopack-" + command.name(), command.description()) + synopsis(name, command);
  if (!help.rest.empty() || !help.directory.empty()) text += ".SH DESCRIPTION\n";
  for (const auto& paragraph : {help.rest, help.directory})
    if (!paragraph.empty()) text += fmt::format(".PP\n{}\n", escape(paragraph));
  return text + below(command) + ".SH OPTIONS\n" + options(command) + ".SS Global options\n" + options(root) +
         exit_status(help) + examples(help) + ".SH SEE ALSO\n.BR gopack (1)\n";
}

}  // namespace gopack::app
