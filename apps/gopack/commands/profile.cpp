#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "commands/commands.hpp"
#include "gopack/base/error.hpp"
#include "gopack/trim/profile.hpp"
#include "gopack/workflow/suggest.hpp"
#include "gopack/workflow/trim.hpp"
#include "render/table.hpp"

namespace gopack::app {

namespace {

int run_list(Program& program) {
  Json json = Json::array();
  Table table({Table::Align::left, Table::Align::left});
  for (const auto& profile : trim::built_in_profiles()) {
    json.push_back({{"name", profile.name}, {"description", profile.description}});
    table.add({profile.name, profile.description});
  }
  Json capabilities = Json::array();
  Table known({Table::Align::left, Table::Align::left});
  for (const auto& [name, description] : trim::known_capabilities()) {
    capabilities.push_back({{"name", name}, {"description", description}});
    known.add({"  " + name, description});
  }
  program.print(table.text() + "\nCapabilities, to declare or to add (minimal+race):\n" + known.text(),
                {{"profiles", json}, {"capabilities", capabilities}});
  return 0;
}

int run_show(Program& program, const std::string& name) {
  const auto text = trim::profile_text(name);
  program.print_as_is(text, {{"name", name}, {"text", text}});
  return 0;
}

// What the rules of a profile without mistakes match is known where the release is fetched.
std::vector<std::string> find_mismatches(Program& program, const std::string& file,
                                         const std::string& release) {
  if (release.empty() && !program.has_store()) return {};
  const auto session = program.session(Access::read);
  const auto fetched =
      session.store.has_downloads() ? session.store.downloads().list() : std::vector<store::Archive>();
  if (release.empty() && fetched.empty()) return {};
  // A name without a slash would mean a built-in profile.
  const auto path = std::filesystem::path(file).has_parent_path() ? file : "./" + file;
  return workflow::find_mismatches(session, path, release.empty() ? fetched.back().version.name() : release);
}

int run_check(Program& program, const std::string& file, const std::string& release) {
  const auto mistakes = trim::check_profile(file);
  std::string text;
  for (const auto& mistake : mistakes) text += mistake + "\n";
  const auto warnings =
      mistakes.empty() ? find_mismatches(program, file, release) : std::vector<std::string>();
  for (const auto& warning : warnings) program.reporter().warning(warning);
  program.print(mistakes.empty() ? fmt::format("{}: fine\n", printable(file)) : text,
                {{"file", file}, {"mistakes", mistakes}, {"warnings", warnings}});
  return mistakes.empty() ? 0 : static_cast<int>(ErrorKind::usage);
}

struct SuggestArguments {
  workflow::SuggestOptions options;
  bool trace = false;
};

int run_suggest(Program& program, const SuggestArguments& arguments) {
  if (!arguments.trace || arguments.options.command.empty()) {
    throw Error(ErrorKind::usage, "there is no command to go by")
        .with_hint("say what the SDK is for: gopack profile suggest --trace -- go test ./...");
  }
  const auto session = program.session(Access::write);
  const auto suggestion = workflow::suggest(session, arguments.options);
  program.print_as_is(suggestion.profile, {{"release", suggestion.release},
                                           {"capabilities", suggestion.capabilities},
                                           {"targets", suggestion.targets},
                                           {"keep", suggestion.keep},
                                           {"profile", suggestion.profile}});
  session.reporter.note("write it to a file and let it be proved: gopack trim --profile FILE --prove");
  return 0;
}

}  // namespace

void add_profile(Command root) {
  auto command = root.add_command("profile", "Built-in and own trim profiles");
  command.set_help({.group = Group::settings,
                    .examples = {"gopack profile list", "gopack profile show minimal"},
                    .statuses = {{4}, {6}, {7}}});
  auto argument = std::make_shared<std::string>();
  auto list = command.add_command("list", "Show the built-in profiles");
  list.set_help({.examples = {"gopack profile list", "gopack profile list --json"}});
  list.set_run(run_list);
  auto show = command.add_command("show", "Print a profile's YAML");
  show.add_option("name", *argument, "a built-in profile or a file", Occurrence::required);
  show.set_help({.examples = {"gopack profile show minimal", "gopack profile show capabilities"}});
  show.set_run([argument](Program& program) { return run_show(program, *argument); });
  auto check = command.add_command("check", "Report every mistake of a profile with file, line and column");
  check.add_option("file", *argument, "the YAML file", Occurrence::required);
  auto release = std::make_shared<std::string>();
  check.add_option("--release", *release,
                   "the fetched release in which its rules must match something (the newest one)");
  check.set_help(
      {.examples = {"gopack profile check web.yaml", "gopack profile check web.yaml --release 1.26"},
       .statuses = {{2, "the profile has mistakes"}}});
  check.set_run([argument, release](Program& program) { return run_check(program, *argument, *release); });
  auto suggest = command.add_command("suggest", "Propose the smallest profile that serves a command");
  auto arguments = std::make_shared<SuggestArguments>();
  suggest.add_option("release", arguments->options.release, "the fetched release to run it with (latest)");
  suggest.add_flag("--trace", arguments->trace, "run the command and watch what it uses (Linux, strace)");
  suggest.add_rest(arguments->options.command, "The command follows after --.");
  suggest.set_help({.examples = {"gopack profile suggest --trace -- go test ./...",
                                 "gopack profile suggest 1.26 --trace -- go build ./cmd/app"},
                    .statuses = {{4}, {6}, {7}}});
  suggest.set_run([arguments](Program& program) { return run_suggest(program, *arguments); });
}

}  // namespace gopack::app
