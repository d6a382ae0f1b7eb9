#include <fmt/format.h>

#include <memory>

#include "commands/commands.hpp"
#include "fetch_settings.hpp"
#include "gopack/base/error.hpp"
#include "gopack/workflow/fetch.hpp"
#include "render/table.hpp"

namespace gopack::app {

namespace {

struct FetchArguments {
  std::vector<std::string> selectors;
  release::SelectorOptions which;
  std::string sha256;
  bool require_signature = false;
  bool update_lock = false;
  bool allow_unverified = false;
  bool allow_older = false;
};

Json archive_row(const Program& program, const acquire::Fetched& fetched) {
  const auto& archive = fetched.archive;
  return {{"file", archive.file},
          {"release", archive.version.name()},
          {"platform", archive.platform.text()},
          {"bytes", archive.bytes},
          {"sha256", archive.sha256.hex()},
          {"source", archive.source},
          {"verified_by", archive.verified_by},
          {"path", (program.settings().home() / "downloads" / archive.file).string()},
          {"was_there", fetched.was_there}};
}

// What is new, and what to do next.
std::string summary(const std::vector<acquire::Fetched>& fetched, const store::Store& store) {
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;
  for (const auto& one : fetched) {
    if (one.was_there) continue;
    ++count;
    bytes += one.archive.bytes;
  }
  const auto known = fetched.size() - count;
  const auto what = count == 0
                        ? std::string("Nothing new to fetch")
                        : fmt::format("{} fetched ({}){}", count_of(count, "archive"), human_bytes(bytes),
                                      known == 0 ? "" : fmt::format(", {} already there", known));
  return fmt::format("{}. Next: {} lays them out.\n", what, store.command("trim"));
}

int run(Program& program, const FetchArguments& options) {
  auto request = read_fetch_settings(program.settings());
  request.selectors = options.selectors;
  request.which = options.which;
  request.update_lock = options.update_lock;
  request.allow_older = options.allow_older;
  request.evidence.allow_unverified = options.allow_unverified;
  if (options.require_signature) request.evidence.required.insert(acquire::Evidence::signature);
  if (!options.sha256.empty()) {
    request.sha256 = digest::Sha256::try_parse(options.sha256);
    if (!request.sha256) throw Error(ErrorKind::usage, "--sha256 takes 64 hex digits");
  }
  require_source(program, request);
  const auto session = program.session(Access::create);
  const auto fetched = workflow::fetch(session, request);
  Json archives = Json::array();
  Table table({Table::Align::left, Table::Align::right, Table::Align::left});
  for (const auto& one : fetched) {
    archives.push_back(archive_row(program, one));
    table.add(
        {one.archive.file, human_bytes(one.archive.bytes),
         fmt::format("{}verified by {}", one.was_there ? "already there, " : "", one.archive.verified_by)});
  }
  program.print_outcome(table.text() + summary(fetched, session.store), {{"archives", archives}});
  return 0;
}

}  // namespace

void add_fetch(Command root) {
  auto command = root.add_command("fetch", "Download releases into the store, verified");
  auto options = std::make_shared<FetchArguments>();
  command.add_option("selector", options->selectors,
                     "1.22.5, 1.22, 1.18..1.23, latest, oldstable, 1.24rc1, go.mod …", Occurrence::required);
  add_fetch_settings(command);
  command.add_flag("--all-patches", options->which.all_patches, "every patch of each minor in a range");
  command.add_flag("--pre", options->which.prereleases, "choose among betas and release candidates as well");
  command.add_option("--sha256", options->sha256, "the digest that the one archive must have");
  command.add_flag("--require-signature", options->require_signature, "the same as --require signature");
  command.add_flag("--update-lock", options->update_lock,
                   "accept what is fetched, whatever the lock file says, and name it there");
  command.add_flag("--allow-unverified", options->allow_unverified,
                   "accept an archive for which no digest exists");
  command.add_flag("--allow-older", options->allow_older,
                   "accept that a source has older releases than before");
  command.set_help(
      {.group = Group::everyday,
       .examples = {"gopack fetch latest", "gopack fetch 1.25 1.26 -p linux/amd64,windows/amd64"},
       .statuses = {{3}, {4}, {5}, {6}, {7}}});
  command.set_run([options](Program& program) { return run(program, *options); });
}

}  // namespace gopack::app
