#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <memory>

#include "commands/commands.hpp"
#include "gopack/base/error.hpp"
#include "gopack/base/similar.hpp"

namespace gopack::app {

namespace {

// The words that may follow a command: its options and subcommands. The command "" is gopack itself.
using Words = std::map<std::string, std::vector<std::string>>;

Words collect_words(const Command& root) {
  Words words;
  const auto global = root.option_names();
  words[""] = global;
  for (const auto& command : root.commands()) {
    words[""].push_back(command.name());
    auto& own = words[command.name()];
    own = command.option_names();
    for (const auto& below : command.commands()) own.push_back(below.name());
    own.insert(own.end(), global.begin(), global.end());
  }
  return words;
}

std::string bash_script(const Words& words) {
  std::string cases;
  for (const auto& [command, choices] : words) {
    if (!command.empty()) cases += fmt::format("    {}) words=\"{}\" ;;\n", command, fmt::join(choices, " "));
  }
  return fmt::format(R"(_gopack() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} word words="{}"
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    case $word in
{}    *) continue ;;
    esac
    break
  done
  COMPREPLY=($(compgen -W "$words" -- "$current") $(compgen -f -- "$current"))
}}
complete -o filenames -F _gopack gopack
)",
                     fmt::join(words.at(""), " "), cases);
}

// zsh reads bash's way of completing.
std::string zsh_script(const Words& words) {
  return "#compdef gopack\nautoload -U +X bashcompinit && bashcompinit\n" + bash_script(words);
}

std::string fish_script(const Words& words) {
  std::string script;
  for (const auto& [command, choices] : words) {
    const auto condition =
        command.empty() ? "__fish_use_subcommand" : "__fish_seen_subcommand_from " + command;
    script += fmt::format("complete -c gopack -n '{}' -a '{}'\n", condition, fmt::join(choices, " "));
  }
  return script;
}

std::string powershell_script(const Words& words) {
  std::string table;
  for (const auto& [command, choices] : words) {
    table += fmt::format("    '{}' = '{}'\n", command, fmt::join(choices, " "));
  }
  return fmt::format(R"(Register-ArgumentCompleter -Native -CommandName gopack -ScriptBlock {{
  param($current, $line, $position)
  $words = @{{
{}  }}
  $command = $line.CommandElements | Select-Object -Skip 1 | ForEach-Object {{ "$_" }} |
    Where-Object {{ $words.ContainsKey($_) -and $_ -ne $current }} | Select-Object -First 1
  $words["$command"].Split(' ') | Where-Object {{ $_ -like "$current*" }}
}}
)",
                     table);
}

std::string completion_script(const Command& root, const std::string& shell) {
  const auto words = collect_words(root);
  static const std::map<std::string, std::string (*)(const Words&)> kScripts = {
      {"bash", bash_script}, {"zsh", zsh_script}, {"fish", fish_script}, {"powershell", powershell_script}};
  const auto script = kScripts.find(shell);
  if (script != kScripts.end()) return script->second(words);
  throw Error(ErrorKind::usage, fmt::format("there is no completion for \"{}\"", printable(shell)))
      .with_hint(
          did_you_mean(shell, {"bash", "zsh", "fish", "powershell"}, "one of bash, zsh, fish, powershell"));
}

}  // namespace

void add_completion(Command root) {
  auto command = root.add_command("completion", "Print a shell's completion script");
  auto shell = std::make_shared<std::string>();
  command.add_option("shell", *shell, "bash, zsh, fish, powershell", Need::required);
  command.set_run([root, shell](Program& program) {
    const auto script = completion_script(root, *shell);
    program.print_as_is(script, {{"shell", *shell}, {"script", script}});
    return 0;
  });
}

}  // namespace gopack::app
