#include "gopack/offline/warm.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>

#include "bundled_go.hpp"
#include "gopack/base/error.hpp"
#include "gopack/base/process.hpp"
#include "gopack/base/replace.hpp"
#include "gopack/launch/go_env.hpp"
#include "gopack/release/releases.hpp"
#include "warm_cache.hpp"

namespace gopack::offline {

namespace {

using release::Platform;

// What the standard library takes in it, once for each platform and set of flags.
constexpr std::uint64_t kStdBytes = 35'000'000;
constexpr std::uint64_t kStdFiles = 700;
constexpr std::uint64_t kLargestGoEnv = 64 << 20;
constexpr const char* kPurpose = "warm the build cache";

const std::map<std::string, std::string, std::less<>> kFlags = {
    {"plain", ""}, {"trimpath", "-trimpath"}, {"race", "-race"}};

std::vector<std::string> flags_of(const WarmOptions& options) {
  return options.flags.empty() ? std::vector<std::string>{"plain", "trimpath"}
                               : release::split_commas(options.flags);
}

// One run of the go command.
struct Build {
  const store::Tree& tree;
  Platform target;
  std::string flag;  // may be empty
  bool cgo = false;

  std::string text() const {
    return fmt::format("{} {}{}{}{}", tree.manifest.release, target.text(), flag.empty() ? "" : " ", flag,
                       cgo ? " cgo" : "");
  }
};

bool has_cgo(const store::Store& store, const store::Tree& tree, const Platform& platform) {
  if (platform != Platform::host()) return false;
  const auto tool = store.path() / tree.id.text() / "pkg/tool" / platform.directory() / "cgo";
  std::error_code ignored;
  return std::filesystem::exists(tool, ignored) && has_c_compiler(current_environment());
}

std::vector<Build> make_builds(const store::Store& store, const std::vector<store::Tree>& trees,
                               const WarmOptions& options) {
  std::vector<Build> builds;
  for (const auto& tree : trees) {
    for (const auto& platform : tree.platforms()) {
      const bool cgo = has_cgo(store, tree, platform);
      for (const auto& name : flags_of(options)) {
        const auto& flag = kFlags.at(name);
        if (flag != "-race") builds.push_back({tree, platform, flag, false});
        if (cgo) builds.push_back({tree, platform, flag, true});
      }
    }
  }
  return builds;
}

void run(const Context& context, const Build& build, const std::vector<std::string>& packages) {
  BundledGo go(context, context.bundle.path() / kData, build.tree, kPurpose);
  go.environment["GOOS"] = build.target.os;
  go.environment["GOARCH"] = build.target.arch;
  go.environment["CGO_ENABLED"] = build.cgo ? "1" : "0";
  go.environment["GO111MODULE"] = "off";       // a go.mod or go.work above the target has no say
  const auto staging = context.store.stage();  // nothing half built is left in the bundle
  // The cache that is filled is the bundle's, whatever another one its go.env names.
  const auto go_env = read_text(go.environment.at("GOENV"), kLargestGoEnv);
  replace_text(staging.directory(), "go.env", launch::without_setting(go_env, "GOCACHEPROG"), false);
  go.environment["GOENV"] = std::filesystem::absolute(staging.directory().path() / "go.env").string();
  go.environment["GOTMPDIR"] = std::filesystem::absolute(staging.directory().path()).string();
  std::vector<std::string> arguments{"build"};
  if (!build.flag.empty()) arguments.push_back(build.flag);
  arguments.insert(arguments.end(), packages.begin(), packages.end());
  go.run(arguments, context.bundle.path());
}

void require_packages(const Context& context, const store::Tree& tree, std::vector<std::string> packages) {
  std::erase(packages, "std");
  if (packages.empty()) return;
  const auto staging = context.store.stage();
  BundledGo go(context, staging.directory().path() / kData, tree, kPurpose);
  go.environment["GO111MODULE"] = "off";
  packages.insert(packages.begin(), "list");
  go.run(packages, staging.directory().path());
}

std::string seconds_since_1970() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(now).count()) + "\n";
}

}  // namespace

void check_warm_flags(const WarmOptions& options) {
  for (const auto& name : flags_of(options)) {
    if (kFlags.contains(name)) continue;
    throw Error(ErrorKind::usage, fmt::format("unknown --warm-flags value \"{}\"", printable(name)))
        .with_hint("use plain, trimpath or race");
  }
}

void check_warm(const Context& context, const std::vector<store::Tree>& trees, const WarmOptions& options) {
  if (options.packages.empty() && !options.flags.empty()) {
    throw Error(ErrorKind::usage, "--warm-flags says how packages are compiled, and none is named")
        .with_hint("add --warm std, or leave --warm-flags out");
  }
  if (options.packages.empty()) return;
  check_warm_flags(options);
  for (const auto& tree : trees) require_host(tree, kPurpose);
  for (const auto& tree : trees) require_packages(context, tree, options.packages);
  for (const auto& name : flags_of(options)) {
    if (!make_builds(context.store, trees, {options.packages, {name}}).empty()) continue;
    throw Error(ErrorKind::failed,
                fmt::format("cannot {} with {}: no tree has cgo and a C compiler here", kPurpose, name))
        .with_hint(fmt::format("install gcc or clang, or leave {} out of --warm-flags", name));
  }
}

void add_warm(target::SpaceEstimate& need, const store::Store& store, const std::filesystem::path& target,
              const std::vector<store::Tree>& trees, const WarmOptions& options) {
  const auto& packages = options.packages;
  if (std::find(packages.begin(), packages.end(), "std") == packages.end()) return;
  std::error_code ignored;
  if (std::filesystem::exists(target / kCache / kWarmMark, ignored)) return;
  const auto builds = make_builds(store, trees, options).size();
  need.add_files(builds * kStdFiles, builds * kStdBytes);
}

std::vector<std::string> warm(const Context& context, const std::vector<store::Tree>& trees,
                              const WarmOptions& options) {
  std::vector<std::string> warmed;
  if (options.packages.empty()) return warmed;
  for (const auto& build : make_builds(context.store, trees, options)) {
    throw_if_stopped(context.run.stop);
    context.run.reporter.note(fmt::format("compiling for the build cache: {} …", build.text()));
    run(context, build, options.packages);
    warmed.push_back(build.text());
  }
  const auto cache = Dir::ensure(context.bundle.path() / kCache);
  replace_text(cache, kLastTrim, seconds_since_1970(), false);
  replace_text(cache, kWarmMark, seconds_since_1970(), false);
  return warmed;
}

}  // namespace gopack::offline
