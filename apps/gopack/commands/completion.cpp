#include <fmt/format.h>

#include <map>
#include <memory>

#include "commands/commands.hpp"
#include "commands/complete.hpp"
#include "gopack/base/error.hpp"
#include "gopack/base/similar.hpp"

namespace gopack::app {

namespace {

// Each asks the program that the line names what may follow (commands/complete.hpp).
constexpr const char* kBash = R"script(_gopack() {
  local current=${COMP_WORDS[COMP_CWORD]} line
  COMPREPLY=()
  while IFS= read -r line; do
    case $line in
    :files) compopt -o filenames 2>/dev/null
      while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$current") ;;
    :directories) compopt -o filenames 2>/dev/null
      while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -d -- "$current") ;;
    *) COMPREPLY+=("${line%%$'\t'*}") ;;
    esac
  done < <("${COMP_WORDS[0]/#\~/$HOME}" __complete "${COMP_WORDS[@]:1:COMP_CWORD-1}" "=$current" 2>/dev/null)
}
complete -F _gopack gopack
)script";

// As a file _gopack in $fpath, or sourced.
constexpr const char* kZsh = R"script(#compdef gopack
_gopack() {
  local line
  local -a found
  for line in ${(f)"$("${(Q)words[1]/#\~/$HOME}" __complete "${(@Q)words[2,CURRENT-1]}" "=${(Q)PREFIX}" 2>/dev/null)"}; do
    case $line in
    :files) _files ;;
    :directories) _files -/ ;;
    *$'\t'*) found+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}") ;;
    *) found+=("${line//:/\\:}") ;;
    esac
  done
  (( $#found )) && _describe gopack found
}
if [ "$funcstack[1]" = _gopack ]; then _gopack "$@"; else compdef _gopack gopack; fi
)script";

constexpr const char* kFish = R"script(function __gopack_complete
  set -l words (commandline -opc)
  set -l current (commandline -ct)
  for line in ($words[1] __complete $words[2..-1] "=$current" 2>/dev/null)
    switch $line
      case :files
        __fish_complete_path $current
      case :directories
        __fish_complete_directories $current
      case '*'
        echo $line
    end
  end
end
complete -c gopack -f -a '(__gopack_complete)'
)script";

constexpr const char* kPowershell =
    R"script(Register-ArgumentCompleter -Native -CommandName gopack -ScriptBlock {
  param($current, $line, $position)
  $words = @($line.CommandElements | Where-Object { $_.Extent.EndOffset -lt $position } | ForEach-Object { "$_" })
  $rest = @($words | Select-Object -Skip 1)
  & $words[0] __complete @rest "=$current" 2>$null | ForEach-Object {
    if ($_ -eq ':files' -or $_ -eq ':directories') { Get-ChildItem -Name "$current*" }
    else { ($_ -split "`t")[0] }
  }
}
)script";

std::string completion_script(const std::string& shell) {
  static const std::map<std::string, const char*> kScripts = {
      {"bash", kBash}, {"zsh", kZsh}, {"fish", kFish}, {"powershell", kPowershell}};
  const auto script = kScripts.find(shell);
  if (script != kScripts.end()) return script->second;
  throw Error(ErrorKind::usage, fmt::format("there is no completion for \"{}\"", printable(shell)))
      .with_hint(
          did_you_mean(shell, {"bash", "zsh", "fish", "powershell"}, "one of bash, zsh, fish, powershell"));
}

}  // namespace

void add_completion(Command root) {
  auto command = root.add_command("completion", "Print a shell's completion script");
  auto shell = std::make_shared<std::string>();
  command.add_option("shell", *shell, "bash, zsh, fish, powershell", Occurrence::required);
  command.set_help(
      {.group = Group::settings,
       .examples = {"eval \"$(gopack completion bash)\"", "gopack completion fish >gopack.fish"}});
  command.set_run([shell](Program& program) {
    const auto script = completion_script(*shell);
    program.print_as_is(script, {{"shell", *shell}, {"script", script}});
    return 0;
  });
}

}  // namespace gopack::app
