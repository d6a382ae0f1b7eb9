#include "warm.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>

#include "gopack/base/error.hpp"
#include "gopack/base/process.hpp"
#include "gopack/bundle/environment.hpp"

namespace gopack::workflow {

namespace {

using release::Platform;

// The launchers keep the go command from deleting what it takes for old in a cache that has this file.
constexpr const char* kMark = "gopack-warm";
constexpr const char* kLastTrim = "trim.txt";

const std::map<std::string, std::string, std::less<>> kFlags = {
    {"plain", ""}, {"trimpath", "-trimpath"}, {"race", "-race"}};

std::vector<std::string> flags_of(const WarmOptions& options) {
  return options.flags.empty() ? std::vector<std::string>{"plain", "trimpath"} : split_commas(options.flags);
}

// One run of the go command.
struct Build {
  const Tree& tree;
  Platform target;
  std::string flag;  // may be empty
  bool cgo = false;

  std::string text() const {
    return fmt::format("{} {}{}{}{}", tree.manifest.release, target.text(), flag.empty() ? "" : " ", flag,
                       cgo ? " cgo" : "");
  }
};

bool has_cgo(const store::Store& target, const Tree& tree, const Platform& platform) {
  if (platform != Platform::host()) return false;
  const auto path = environment_variable("PATH").value_or("");
  const auto tool = target.path() / tree.id.text() / "pkg/tool" / platform.directory() / "cgo";
  std::error_code ignored;
  return std::filesystem::exists(tool, ignored) && (find_program("gcc", path) || find_program("clang", path));
}

std::vector<Build> make_builds(const store::Store& target, const std::vector<Tree>& trees,
                               const WarmOptions& options) {
  std::vector<Build> builds;
  for (const auto& tree : trees) {
    for (const auto& platform : tree.platforms()) {
      const bool cgo = has_cgo(target, tree, platform);
      for (const auto& name : flags_of(options)) {
        const auto& flag = kFlags.at(name);
        if (flag != "-race") builds.push_back({tree, platform, flag, false});
        if (cgo) builds.push_back({tree, platform, flag, true});
      }
    }
  }
  return builds;
}

// As the launchers bind it, and nothing else of Go's that this process has inherited.
Environment environment_for(const store::Store& target, const Build& build) {
  const auto home = std::filesystem::absolute(target.path());
  auto environment = current_environment();
  std::erase_if(environment, [](const auto& variable) {
    return variable.first.starts_with("GO") || variable.first.starts_with("CGO_");
  });
  environment = bundle::bind_environment(home / build.tree.id.text(), home / "shared", build.tree.platforms(),
                                         Platform::host())
                    .apply(std::move(environment));
  environment["GOOS"] = build.target.os;
  environment["GOARCH"] = build.target.arch;
  environment["CGO_ENABLED"] = build.cgo ? "1" : "0";
  environment["XDG_CONFIG_HOME"] = (home / "shared" / "config").string();
  environment["GOTELEMETRY"] = "off";
  return environment;
}

void run(const store::Store& target, const Build& build, const std::vector<std::string>& packages) {
  const auto environment = environment_for(target, build);
  std::filesystem::create_directories(environment.at("GOTMPDIR"));
  const auto home = std::filesystem::absolute(target.path());
  const auto go = home / build.tree.id.text() /
                  release::command_directory(Platform::host(), build.tree.platforms()) / "go";
  std::vector<std::string> command{go.string(), "build"};
  if (!build.flag.empty()) command.push_back(build.flag);
  command.insert(command.end(), packages.begin(), packages.end());
  const auto done = run_process(command, environment, {.input = {}, .directory = home, .merge_errors = true});
  if (done.status == 0) return;
  throw Error(ErrorKind::failed,
              fmt::format("cannot warm the build cache with {}: go build {} ends with {}: {}", build.text(),
                          fmt::join(packages, " "), done.status, printable(done.output.substr(0, 500))));
}

std::string seconds_since_1970() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(now).count()) + "\n";
}

}  // namespace

void check_warm(const WarmOptions& options, const std::vector<Tree>& trees) {
  if (options.packages.empty()) return;
  for (const auto& name : flags_of(options)) {
    if (kFlags.contains(name)) continue;
    throw Error(ErrorKind::usage,
                fmt::format("there are no flags \"{}\" to warm a cache with", printable(name)))
        .with_hint("plain, trimpath and race are known");
  }
  for (const auto& tree : trees) {
    const auto platforms = tree.platforms();
    if (std::find(platforms.begin(), platforms.end(), Platform::host()) != platforms.end()) continue;
    throw Error(ErrorKind::failed,
                fmt::format("cannot warm the build cache of {}: {} has no Go for {}", tree.manifest.release,
                            tree.id.text(), Platform::host().text()))
        .with_hint("fetch the release for this machine as well and lay both out as one tree");
  }
}

std::vector<std::string> warm(const Session& session, const store::Store& target,
                              const std::vector<Tree>& trees, const WarmOptions& options) {
  std::vector<std::string> warmed;
  if (options.packages.empty()) return warmed;
  for (const auto& build : make_builds(target, trees, options)) {
    throw_if_stopped(session.stop);
    session.reporter.note(fmt::format("compiling for the build cache: {} …", build.text()));
    run(target, build, options.packages);
    warmed.push_back(build.text());
  }
  const auto cache = Dir::ensure(target.path() / "shared" / "gopath" / "cache");
  cache.replace_text(kLastTrim, seconds_since_1970(), false);
  cache.replace_text(kMark, seconds_since_1970(), false);
  return warmed;
}

}  // namespace gopack::workflow
