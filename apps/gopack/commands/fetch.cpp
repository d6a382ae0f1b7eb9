#include <fmt/format.h>

#include <memory>

#include "commands/commands.hpp"
#include "gopack/base/error.hpp"
#include "gopack/workflow/fetch.hpp"
#include "render/table.hpp"

namespace gopack::app {

namespace {

struct FetchArguments {
  acquire::Request fetch;
  std::string sha256;
  bool require_signature = false;
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

int run(Program& program, FetchArguments options) {
  options.fetch.sources = program.settings().list("source");
  options.fetch.platforms = program.settings().list("platform");
  auto& evidence = options.fetch.evidence;
  evidence.required = acquire::parse_evidence(program.settings().list("require"));
  options.fetch.lock_file = program.settings().find("lock").value_or("");
  if (options.require_signature) evidence.required.insert(acquire::Evidence::signature);
  evidence.signing_key.file = program.settings().find("signing_key").value_or("");
  if (const auto fingerprint = program.settings().find("signing_fingerprint"))
    evidence.signing_key.fingerprint = *fingerprint;
  if (!options.sha256.empty()) {
    options.fetch.sha256 = digest::Sha256::try_parse(options.sha256);
    if (!options.fetch.sha256) throw Error(ErrorKind::usage, "--sha256 takes 64 hex digits");
  }
  // Where nobody has what is asked for, no store is made.
  if (!program.has_store())
    options.fetch.sources =
        acquire::answering_sources(program.session(Access::look).acquiring(), options.fetch);
  const auto fetched = workflow::fetch(program.session(Access::create), options.fetch);
  Json archives = Json::array();
  Table table({Table::Align::left, Table::Align::right, Table::Align::left});
  for (const auto& one : fetched) {
    archives.push_back(archive_row(program, one));
    table.add(
        {one.archive.file, human_bytes(one.archive.bytes),
         fmt::format("{}verified by {}", one.was_there ? "already there, " : "", one.archive.verified_by)});
  }
  program.print_outcome(table.text(), {{"archives", archives}});
  return 0;
}

}  // namespace

void add_fetch(Command root) {
  auto command = root.add_command("fetch", "Download releases into the store, verified");
  auto options = std::make_shared<FetchArguments>();
  command.add_option("selector", options->fetch.selectors,
                     "1.22.5, 1.22, 1.18..1.23, latest, oldstable, 1.24rc1, go.mod …", Need::required);
  command.add_setting_list("-p,--platform", "platform",
                           "linux/amd64, host (default), all; several with commas");
  command.add_setting_list("--source", "source",
                           "official, a mirror's URL, a directory, goproxy or goproxy+URL; tried in order");
  command.add_flag("--all-patches", options->fetch.which.all_patches, "every patch of each minor in a range");
  command.add_flag("--pre", options->fetch.which.prereleases,
                   "choose among betas and release candidates, too");
  command.add_option("--sha256", options->sha256, "the digest that the one archive must have");
  command.add_setting_list(
      "--require", "require",
      "what must prove each archive: lock, index, sumdb, signature; several with commas");
  command.add_flag("--require-signature", options->require_signature, "the same as --require signature");
  command.add_setting("--signing-key", "signing_key",
                      "file with the public key that signatures are checked by");
  command.add_setting("--lock", "lock", "the project's lock file (default: gopack.lock, here or above)");
  command.add_flag("--update-lock", options->fetch.update_lock,
                   "accept what is fetched, whatever the lock file says, and name it there");
  command.add_flag("--allow-unverified", options->fetch.evidence.allow_unverified,
                   "accept an archive for which no digest exists");
  command.add_flag("--allow-older", options->fetch.allow_older,
                   "accept that a source has older releases than before");
  command.set_run([options](Program& program) { return run(program, *options); });
}

}  // namespace gopack::app
