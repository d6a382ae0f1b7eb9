#include "modules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "bundled_go.hpp"
#include "gopack/base/error.hpp"
#include "gopack/base/file.hpp"
#include "gopack/bundle/go_env.hpp"
#include "gopack/source/go_environment.hpp"

namespace gopack::workflow {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLargestModFile = 64 << 20;  // bytes

bool is_workspace(const fs::path& project) {
  return project.filename() == "go.work";
}

// A project's go.mod and go.sum in a directory of their own, so that the go command may write them.
class ModFile {
 public:
  ModFile(const fs::path& project, const fs::path& temporary)
      : directory_(Dir::ensure(temporary / "gopack-modules")), path_(directory_.path() / "go.mod") {
    directory_.replace_text("go.mod", read_text(project / "go.mod", kLargestModFile), false);
    const auto sums = Dir::open(project).find_text("go.sum", kLargestModFile);
    directory_.replace_text("go.sum", sums.value_or(""), false);
  }
  ~ModFile() {
    std::error_code ignored;
    fs::remove_all(directory_.path(), ignored);
  }
  ModFile(const ModFile&) = delete;
  ModFile& operator=(const ModFile&) = delete;

  std::string flag() const { return "-modfile=" + path_.string(); }

 private:
  Dir directory_;
  fs::path path_;
};

// Puts back what the go command does to a workspace's go.work.sum.
class KeptSums {
 public:
  explicit KeptSums(const fs::path& workspace)
      : directory_(Dir::open(workspace.parent_path())),
        before_(directory_.find_text(kName, kLargestModFile)) {}
  ~KeptSums() {
    try {
      if (directory_.find_text(kName, kLargestModFile) == before_) return;
      if (before_) directory_.replace_text(kName, *before_, false);
      if (!before_) directory_.remove_file(kName);
    } catch (...) {  // a project that cannot be written to has not been written to
    }
  }
  KeptSums(const KeptSums&) = delete;
  KeptSums& operator=(const KeptSums&) = delete;

 private:
  static constexpr const char* kName = "go.work.sum";
  Dir directory_;
  std::optional<std::string> before_;
};

class ModuleBringer {
 public:
  // Go's settings: this environment's, else those of the bundle's go.env, else what this machine's go says.
  ModuleBringer(const store::Store& store, const store::Store& bundle, const Tree& tree)
      : go_(store, bundle, tree, "bring modules") {
    const auto inherited = current_environment();
    const auto settings = source::GoEnvironment::read(inherited);
    const auto go_env = read_text(go_.environment.at("GOENV"), kLargestModFile);
    const std::pair<const char*, const std::string&> known[] = {
        {"GOPROXY", settings.goproxy}, {"GOSUMDB", settings.gosumdb}, {"GONOSUMDB", settings.gonosumdb}};
    for (const auto& [name, value] : known) {
      const bool is_preset = bundle::has_setting(go_env, name) || (name == std::string_view("GONOSUMDB") &&
                                                                   bundle::has_setting(go_env, "GOPRIVATE"));
      if (!value.empty() && (!is_preset || inherited.contains(name))) go_.environment[name] = value;
    }
    for (const char* name : {"GOPRIVATE", "GONOPROXY", "GOINSECURE", "GOVCS", "GOAUTH"}) {
      if (const auto at = inherited.find(name); at != inherited.end()) go_.environment[name] = at->second;
    }
    go_.environment["GOFLAGS"] = "-modcacherw";
  }

  void download(const fs::path& project) {
    for (const auto& directory : directories_of(project)) {
      go_.environment["GOWORK"] = "off";
      const ModFile copy(directory, temporary());
      go_.run({"mod", "download", copy.flag()}, directory);
      go_.run({"mod", "tidy", copy.flag()}, directory);  // for the tests of what is needed, too
    }
    if (!is_workspace(project)) return;
    const KeptSums sums(project);
    go_.environment["GOWORK"] = project.string();
    go_.run({"mod", "download"}, project.parent_path());
  }

  // Everything without a network: a proxy that is not there, for what would ask one all the same.
  void rehearse(const fs::path& project) {
    auto connected = go_.environment;
    for (const char* name : {"HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"})
      go_.environment[name] = "http://127.0.0.1:9";
    for (const char* name : {"NO_PROXY", "no_proxy"}) go_.environment.erase(name);
    go_.environment["GOPROXY"] = "off";
    for (const auto& directory : directories_of(project)) {
      go_.environment["GOWORK"] = "off";
      const ModFile copy(directory, temporary());
      go_.run({"mod", "download", copy.flag()}, directory);
      go_.run({"list", "-mod=mod", copy.flag(), "-deps", "-test", "./..."}, directory);
      go_.run({"mod", "tidy", copy.flag()}, directory);
      go_.run({"mod", "verify", copy.flag()}, directory);
    }
    if (is_workspace(project)) {
      const KeptSums sums(project);
      go_.environment["GOWORK"] = project.string();
      for (const auto& directory : directories_of(project))
        go_.run({"list", "-deps", "-test", "./..."}, directory);
    }
    go_.environment = std::move(connected);
  }

 private:
  fs::path temporary() const { return go_.environment.at("GOTMPDIR"); }

  // The modules of a project.
  std::vector<fs::path> directories_of(const fs::path& project) const {
    if (!is_workspace(project)) return {project.parent_path()};
    const auto text = go_.run({"work", "edit", "-json", project.string()}, project.parent_path());
    std::vector<fs::path> directories;
    for (const auto& use : nlohmann::json::parse(text).at("Use"))
      directories.push_back(project.parent_path() / use.at("DiskPath").get<std::string>());
    return directories;
  }

  BundledGo go_;
};

}  // namespace

void check_projects(const std::vector<fs::path>& projects) {
  for (const auto& project : projects) {
    const auto name = project.filename();
    std::error_code ignored;
    if ((name == "go.mod" || name == "go.work") && fs::is_regular_file(project, ignored)) continue;
    throw Error(ErrorKind::usage, fmt::format("there is no go.mod or go.work file {}", printable(project)))
        .with_hint("name the file itself: --modules path/to/go.mod");
  }
}

void bring_modules(const Session& session, const store::Store& bundle, const Tree& tree,
                   const std::vector<fs::path>& projects) {
  if (projects.empty()) return;
  ModuleBringer bringer(session.store, bundle, tree);
  for (const auto& name : projects) {
    throw_if_stopped(session.stop);
    const auto project = fs::absolute(name);
    session.reporter.note(fmt::format("downloading the modules of {} …", printable(project)));
    bringer.download(project);
    session.reporter.note("… and trying them without a network");
    in_context("without a network", [&] { bringer.rehearse(project); });
  }
}

}  // namespace gopack::workflow
