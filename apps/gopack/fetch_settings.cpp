#include "fetch_settings.hpp"

namespace gopack::app {

void add_fetch_settings(Command command) {
  command.add_setting_list("-p,--platform", "platform",
                           "linux/amd64, host (default), all; several with commas");
  command.add_setting_list("--source", "source",
                           "official, a mirror's URL, a directory, goproxy or goproxy+URL; tried in order");
  command.add_setting_list(
      "--require", "require",
      "what must prove each archive: lock, index, sumdb, signature; several with commas");
  command.add_setting("--signing-key", "signing_key",
                      "file with the public key that signatures are checked by");
  command.add_setting("--lock", "lock", "the project's lock file (default: gopack.lock, here or above)");
}

acquire::Request read_fetch_settings(const Settings& settings) {
  acquire::Request request;
  request.sources = settings.list("source");
  request.platforms = settings.list("platform");
  request.lock_file = settings.find("lock").value_or("");
  auto& evidence = request.evidence;
  evidence.required = acquire::parse_evidence(settings.list("require"));
  evidence.signing_key.file = settings.find("signing_key").value_or("");
  if (const auto fingerprint = settings.find("signing_fingerprint"))
    evidence.signing_key.fingerprint = *fingerprint;
  return request;
}

void require_source(Program& program, acquire::Request& request) {
  if (program.has_store()) return;
  acquire::find_source(program.session(Access::look).acquiring(), request);
}

}  // namespace gopack::app
