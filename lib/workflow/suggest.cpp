#include "gopack/workflow/suggest.hpp"

#include <fmt/format.h>

#include "gopack/base/error.hpp"
#include "gopack/prove/trace.hpp"
#include "gopack/release/sdk_layout.hpp"
#include "gopack/store/catalog.hpp"
#include "gopack/tree/dir_writer.hpp"
#include "lay_out.hpp"

namespace gopack::workflow {

namespace {

using release::Platform;

// In which the command runs: the release in `goroot`, and a build cache of its own.
Environment environment_for(const std::filesystem::path& goroot, const std::filesystem::path& work,
                            const ReleaseArchives& release) {
  auto environment = current_environment();
  const auto commands = goroot / release::command_directory(Platform::host(), platforms_of(release.archives));
  environment["PATH"] = commands.string() + kPathSeparator + environment["PATH"];
  environment["GOROOT"] = goroot.string();
  environment["GOCACHE"] = (work / "cache").string();
  environment["GOTOOLCHAIN"] = "local";
  return environment;
}

}  // namespace

prove::Suggestion suggest(const Session& session, const SuggestOptions& options) {
  const auto lock = session.store.lock(session.lock_patience, session.stop);
  const auto release = find_release(session.store, options.release, {"host"});
  auto staging = stage(session, release.archives);
  const auto base = std::filesystem::canonical(staging.directory().path());
  const auto work = staging.directory().ensure_dir("work");
  session.reporter.note(fmt::format("running the command with the whole {} …", release.version.name()));
  const auto trace = prove::trace(options.command, environment_for(base / "tree", base / "work", release),
                                  base / "tree", base / "work", session.stop);

  tree::Manifest manifest;
  manifest.files = staging.writer().files();
  return prove::suggest_profile({trace, manifest, release.version, options.command});
}

}  // namespace gopack::workflow
