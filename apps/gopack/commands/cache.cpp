#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <memory>

#include "commands/commands.hpp"
#include "gopack/base/error.hpp"
#include "gopack/base/process.hpp"
#include "gopack/base/standard_streams.hpp"
#include "gopack/base/user_directories.hpp"
#include "gopack/cache/copy.hpp"
#include "gopack/cache/serve.hpp"
#include "render/table.hpp"

namespace gopack::app {

namespace {

namespace fs = std::filesystem;

// Entries at a time: they wait for round trips, not for processors.
constexpr unsigned kJobs = 16;

struct Options {
  std::string local;
  std::vector<std::string> bases;
  std::string share;
  bool wait = false;
};

// The cache that the go command uses here: what `gopack env` binds, unless GOCACHE is another.
fs::path local_cache(const Program& program, const Options& options) {
  if (!options.local.empty()) return fs::absolute(user_path(options.local));
  if (const auto bound = environment_variable("GOCACHE")) return fs::absolute(*bound);
  return program.settings().home() / "shared" / "gopath" / "cache";
}

int run_cacheprog(Program& program, const Options& options) {
  cache::ServeOptions serve{
      .local = local_cache(program, options), .bases = {}, .share = {}, .wait = options.wait};
  for (const auto& base : options.bases) serve.bases.push_back(fs::absolute(user_path(base)));
  if (!options.share.empty()) serve.share = fs::absolute(user_path(options.share));
  auto in = take_stream(Stream::input);
  auto out = take_stream(Stream::output);
  if (!cache::serve(serve, in, std::move(out), program.reporter(), program.stop())) {
    // A thread that hangs in the kernel keeps the process, and so what reads its messages would wait.
    std::fclose(stderr);
    std::_Exit(EXIT_SUCCESS);
  }
  return 0;
}

using Copy = cache::CopySummary (*)(const cache::Layer&, const cache::Layer&, const Run&);

int run_copy(Program& program, const Options& options, Copy copy) {
  const auto path = local_cache(program, options);
  if (options.local.empty() || copy == &cache::pull) Dir::ensure(path);
  const cache::Layer local(path);
  const cache::Layer share(options.share, cache::Keep::open);
  const auto done = copy(local, share, {program.reporter(), program.stop(), program.jobs().value_or(kJobs)});
  program.print_outcome(fmt::format("{} entries copied ({}), {} there already, {} damaged and left out\n",
                                    done.entries, human_bytes(done.bytes), done.skipped, done.damaged),
                        {{"local", path.string()},
                         {"share", options.share},
                         {"entries", done.entries},
                         {"bytes", done.bytes},
                         {"skipped", done.skipped},
                         {"damaged", done.damaged}});
  return 0;
}

void add_local(Command command, Options& options) {
  command.add_option("--local", options.local, "the cache on this machine (GOCACHE, or the store's)");
}

void add_copy(Command cache, const std::string& name, const std::string& description, Copy copy) {
  auto command = cache.add_command(name, description);
  auto options = std::make_shared<Options>();
  add_local(command, *options);
  command.add_option("--share", options->share, "the cache on the share; the directory must exist",
                     Occurrence::required);
  command.set_help({.examples = {fmt::format("gopack cache {} --share /mnt/team/cache", name),
                                 fmt::format("gopack cache {} --share /mnt/team/cache -j 4", name)}});
  command.set_run([options, copy](Program& program) { return run_copy(program, *options, copy); });
}

}  // namespace

void add_cacheprog(Command root) {
  auto command = root.add_command("cacheprog", "Be the build cache of a go command, as its GOCACHEPROG");
  auto options = std::make_shared<Options>();
  add_local(command, *options);
  command.add_option("--base", options->bases, "a cache to read beside it, such as a stick's; repeatable");
  command.add_option("--share", options->share,
                     "a cache on a slow share: read when the others have nothing, written in the background");
  command.add_flag("--wait", options->wait, "end a build only when all it has made is on the share");
  command.set_help(
      {.group = Group::caches,
       .examples = {"GOCACHEPROG=\"gopack cacheprog --share /mnt/team/cache\" go build ./...",
                    "GOCACHEPROG=\"gopack cacheprog --share /mnt/team/cache --wait\" go test ./..."}});
  command.set_run([options](Program& program) { return run_cacheprog(program, *options); });
}

void add_cache(Command root) {
  auto command = root.add_command("cache", "Copy build caches to and from a share");
  add_copy(command, "push", "Copy to the share what it lacks", cache::push);
  add_copy(command, "pull", "Copy from the share what the cache here lacks", cache::pull);
  command.set_help({.group = Group::caches,
                    .examples = {"gopack cache pull --share /mnt/team/cache",
                                 "gopack cache push --share /mnt/team/cache"}});
}

}  // namespace gopack::app
