#include <fmt/format.h>

#include <memory>

#include "commands/commands.hpp"
#include "fetch_settings.hpp"
#include "gopack/base/error.hpp"
#include "gopack/base/shell_word.hpp"
#include "gopack/base/user_directories.hpp"
#include "gopack/workflow/make.hpp"
#include "installed_programs.hpp"
#include "render/bundled.hpp"
#include "render/table.hpp"
#include "render/trees.hpp"

namespace gopack::app {

namespace {

struct MakeArguments {
  std::vector<std::string> selectors;
  bool is_locked = false;
};

// The settings of the section `make`, which flags overrule, and those of fetch and trim.
workflow::MakeOptions read_options(const Settings& settings, const MakeArguments& arguments) {
  workflow::MakeOptions options;
  auto& [fetch, trim, bundle] = options;
  fetch = read_fetch_settings(settings);
  fetch.selectors = arguments.selectors.empty() ? settings.list("make.releases") : arguments.selectors;
  if (fetch.selectors.empty()) {
    throw Error(ErrorKind::usage, "cannot make a bundle: no release is named")
        .with_hint(
            "name releases, as in `gopack make 1.25..1.26 --target DIR`, or list them as `releases` in the "
            "section "
            "`make` of gopack.yaml");
  }
  if (arguments.is_locked) fetch.evidence.required.insert(acquire::Evidence::lock);
  trim.profile = settings.find("profile").value_or("");
  trim.targets = settings.list("make.targets");
  trim.strip = settings.is_on("make.strip");
  bundle.target = user_path(settings.find("make.target").value_or(""));
  if (bundle.target.empty()) {
    throw Error(ErrorKind::usage, "cannot make a bundle: no target is named")
        .with_hint("add --target DIR, or `target` in the section `make` of gopack.yaml");
  }
  bundle.current = settings.find("make.current").value_or("");
  for (const auto& project : settings.list("make.modules")) bundle.modules.emplace_back(project);
  for (const auto& word : settings.list("make.go_env"))
    bundle.go_env.push_back(bundle::parse_go_setting(word));
  bundle.warm.packages = settings.list("make.warm");
  bundle.warm.flags = settings.list("make.warm_flags");
  if (settings.is_on("make.with_gopack")) bundle.programs = installed_programs();
  bundle.delete_others = settings.is_on("make.delete");
  return options;
}

std::string summary(const workflow::MakeOptions& options, const workflow::Made& made) {
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
  for (const auto& part : made.verified) {
    files += part.files;
    bytes += part.bytes;
  }
  return app::to_text(options.bundle, made.bundled) +
         fmt::format("Verified: {}, {}; settings and lists have no digest.\nTry it: {} version\n",
                     count_of(files, "file"), human_bytes(bytes),
                     shell_word((options.bundle.target /
                                 (release::Platform::host().os == "windows" ? "go.exe" : "go.sh"))
                                    .string()));
}

int run_make(Program& program, const MakeArguments& arguments) {
  auto options = read_options(program.settings(), arguments);
  require_source(program, options.fetch);
  const auto made = workflow::make(program.session(Access::create), options);
  auto document = to_json(options.bundle, made.bundled);
  document["archives"] = Json::array();
  for (const auto& [archive, was_there] : made.fetched)
    document["archives"].push_back(
        {{"file", archive.file}, {"sha256", archive.sha256.hex()}, {"was_there", was_there}});
  document["verified"] = Json::array();
  for (const auto& part : made.verified)
    document["verified"].push_back({{"name", part.name}, {"files", part.files}, {"bytes", part.bytes}});
  program.print_outcome(summary(options, made), document);
  return 0;
}

}  // namespace

void add_make(Command root) {
  auto command = root.add_command("make", "Fetch, trim, bundle and verify in one go; run it again to update");
  auto options = std::make_shared<MakeArguments>();
  command.add_option("selector", options->selectors,
                     "which releases; none: those of the section `make` in gopack.yaml");
  command.add_setting("--target", "make.target", "the stick, share or folder");
  add_fetch_settings(command);
  command.add_flag("--locked", options->is_locked, "take only what gopack.lock names, and nothing else");
  command.add_setting("--profile", "profile",
                      "minimal, developer, …, a YAML file; minimal+race adds a capability");
  command.add_setting_list("--targets", "make.targets",
                           "what to build for, instead of the profile's targets");
  command.add_setting_flag("--strip", "make.strip", "take the symbol tables out of Go's own programs");
  command.add_setting("--current", "make.current", "which release the target starts; none: the newest");
  command.add_setting_list("--modules", "make.modules",
                           "go.mod and go.work files: bring what these projects need offline");
  command.add_setting_list("--warm", "make.warm",
                           "compile these packages (std) into the bundle's build cache");
  command.add_setting_list("--warm-flags", "make.warm_flags", "plain, trimpath, race (plain,trimpath)");
  command.add_setting_list("--go-env", "make.go_env", "NAME=VALUE for the bundle's go.env");
  command.add_setting_flag("--with-gopack", "make.with_gopack", "put gopack itself beside the launchers");
  command.add_setting_flag("--delete", "make.delete", "leave no tree in the target that is not chosen");
  command.set_help({.group = Group::everyday,
                    .examples = {"gopack make latest --target /media/you/STICK",
                                 "gopack make 1.25 1.26 -p host,windows/amd64 --target /media/you/STICK"},
                    .statuses = {{3}, {4}, {5}, {6}, {7}}});
  command.set_run([options](Program& program) { return run_make(program, *options); });
}

}  // namespace gopack::app
