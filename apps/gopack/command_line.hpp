// The command line: what the commands declare, and reading it. CLI11 takes seconds to compile, so only
// command_line.cpp includes it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace gopack::app {

class Program;

// What the command line asks for.
struct Invocation {
  std::function<int(Program&)> run;                       // returns the exit status
  std::map<std::string, std::vector<std::string>> flags;  // settings given as flags
  std::vector<std::string> after_dashes;  // what follows "--", for a command that takes a rest
};

enum class Occurrence { optional, required };

// An option or positional argument as help and man pages show it.
struct OptionText {
  std::string names;  // "-p,--platform", or the word of a positional argument
  std::string description;
  bool is_positional = false;
  bool takes_value = false;
};

// The groups in which help shows the commands of gopack itself, in this order.
enum class Group { none, everyday, distribution, proof, care, caches, settings };

// An exit status of a command, and what it means there where that is more than it means everywhere.
struct ExitStatus {
  int status;
  std::string meaning = {};
};

// What the help of a command ends with.
struct CommandHelp {
  Group group = Group::none;
  std::vector<std::string> examples = {};  // whole lines
  std::vector<ExitStatus> statuses = {};   // besides 0, 1, 2 and 130, or with a meaning of their own
  std::string rest = {};                   // what the words after "--" are; set by add_rest
  std::string directory = {};              // how a store or bundle is named first; set by set_help
};

// What the command line is made of, and what it was found to ask for.
struct Declarations {
  Invocation invocation;
  std::map<const CLI::App*, CommandHelp> helps;
};

// A command, or gopack itself, to which options are added. A handle: copies are the same command, and none
// may be used after its CommandLine is gone.
//
// `names` is "-p,--platform", or one word for a positional argument. A value that is bound is written while
// the line is parsed, only if it is given, and must live until then; what `set_run` captures lives as long as
// the CommandLine. Declaring a name twice throws std::exception.
class Command {
 public:
  Command(CLI::App& app, Declarations& declarations) : app_(&app), declarations_(&declarations) {}

  // A command below this one. Naming one of those below is then required.
  Command add_command(const std::string& name, const std::string& description);
  // One that scripts run: help, completion and man pages do not show it.
  Command add_hidden_command(const std::string& name);

  void add_option(const std::string& names, std::string& value, const std::string& description,
                  Occurrence occurrence = Occurrence::optional);
  // One that may be repeated, or a positional argument that takes any number of words.
  void add_option(const std::string& names, std::vector<std::string>& values, const std::string& description,
                  Occurrence occurrence = Occurrence::optional);
  // One that may be repeated, with one value each time: the words behind that are not its own.
  void add_repeated(const std::string& names, std::vector<std::string>& values,
                    const std::string& description);
  // One that takes nothing but `choices`.
  void add_choice(const std::string& names, std::string& value, const std::vector<std::string>& choices,
                  const std::string& description);
  void add_flag(const std::string& names, bool& value, const std::string& description);

  // An option that gives the setting `key`: its last value, all its values, or "true" for a flag.
  void add_setting(const std::string& names, const std::string& key, const std::string& description);
  void add_setting_list(const std::string& names, const std::string& key, const std::string& description);
  void add_setting_flag(const std::string& names, const std::string& key, const std::string& description);

  // Takes the words after "--"; `description` says what they are.
  void add_rest(std::vector<std::string>& values, const std::string& description);

  // Its group, examples and exit statuses. To be called after add_rest.
  void set_help(CommandHelp help);

  // What the invocation is to run when this command is given.
  void set_run(std::function<int(Program&)> run);

  // What is declared, in that order; of option names only the long ones, with their dashes.
  std::string name() const;
  std::string description() const;
  std::string group() const;  // as help names it
  CommandHelp help() const;
  std::vector<std::string> option_names() const;
  std::vector<OptionText> options() const;
  std::vector<Command> commands() const;  // without hidden ones

 private:
  CLI::App* app_;
  Declarations* declarations_;
};

class CommandLine {
 public:
  // `version` is what --version prints.
  CommandLine(const std::string& name, const std::string& description, const std::string& version);
  ~CommandLine();
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

  Command root() { return {*app_, declarations_}; }

  // Reads the arguments (without the program's name). Nothing when they ask for help or the version, which is
  // then printed on stdout. Throws Error (usage) for what is not declared.
  std::optional<Invocation> parse(std::vector<std::string> arguments);

 private:
  void take_words_for_flags(std::vector<std::string>& arguments) const;
  void take_words_after_dashes(std::vector<std::string>& arguments);

  std::unique_ptr<CLI::App> app_;
  Declarations declarations_;
};

}  // namespace gopack::app
