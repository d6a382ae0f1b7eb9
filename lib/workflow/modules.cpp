#include "modules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "bundled_go.hpp"
#include "gopack/base/error.hpp"
#include "gopack/base/file.hpp"
#include "gopack/base/json_fault.hpp"
#include "gopack/bundle/go_env.hpp"
#include "gopack/release/version.hpp"
#include "gopack/source/go_environment.hpp"
#include "gopack/tree/dir_chain.hpp"
#include "gopack/tree/dir_writer.hpp"

namespace gopack::workflow {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLargestModFile = 64 << 20;  // bytes

bool is_workspace(const fs::path& project) {
  return project.filename() == "go.work";
}

// The module proxies of a GOPROXY list that are directories; "off" when none is.
std::string directories_among(std::string_view goproxy) {
  std::string found;
  for (std::size_t begin = 0; begin < goproxy.size();) {
    const auto end = std::min(goproxy.find_first_of(",|", begin), goproxy.size());
    const auto proxy = goproxy.substr(begin, end - begin);
    if (proxy.starts_with("file:")) found.append(proxy).append(",");
    begin = end + 1;
  }
  return found + "off";
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

struct Workspace {
  std::vector<std::string> uses;  // directories, as it names them
  std::vector<std::pair<std::string, std::string>>
      replaces;  // what a module ("path", "path@version") lies in
};

// The members of a list that may be missing or null.
nlohmann::json list_in(const nlohmann::json& object, const char* name) {
  const auto found = object.find(name);
  return found == object.end() || found->is_null() ? nlohmann::json::array() : *found;
}

Workspace read_workspace(const BundledGo& go, const fs::path& file) {
  const auto text = go.run({"work", "edit", "-json", file.string()}, file.parent_path());
  try {
    Workspace workspace;
    const auto json = nlohmann::json::parse(text);
    for (const auto& use : list_in(json, "Use")) workspace.uses.push_back(use.at("DiskPath"));
    for (const auto& replace : list_in(json, "Replace")) {
      const std::string path = replace.at("New").at("Path");
      if (!path.starts_with("./") && !path.starts_with("../")) continue;
      const auto& old = replace.at("Old");
      const auto version = old.value("Version", "");
      workspace.replaces.emplace_back(
          old.at("Path").get<std::string>() + (version.empty() ? "" : "@" + version), path);
    }
    return workspace;
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorKind::failed, fmt::format("cannot understand what `go work edit -json` says of {}: {}",
                                               printable(file), json_fault(error.id, error.what())));
  }
}

// A workspace's go.work and go.work.sum in a directory of their own, so that the go command may write them:
// it has no flag for that. What they name beside them is named from the root.
class WorkFile {
 public:
  WorkFile(const BundledGo& go, const fs::path& project, const fs::path& temporary)
      : directory_(Dir::ensure(temporary / "gopack-workspace")) {
    directory_.replace_text("go.work", read_text(project, kLargestModFile), false);
    const auto sums = Dir::open(project.parent_path()).find_text("go.work.sum", kLargestModFile);
    if (sums) directory_.replace_text("go.work.sum", *sums, false);
    const auto base = project.parent_path();
    const auto below_root = [&](const std::string& path) {
      return (base / path).lexically_normal().string();
    };
    const auto workspace = read_workspace(go, project);
    std::vector<std::string> edit{"work", "edit"};
    for (const auto& use : workspace.uses) {
      edit.push_back("-dropuse=" + use);
      edit.push_back("-use=" + below_root(use));
    }
    for (const auto& [module, path] : workspace.replaces) edit.push_back("-dropreplace=" + module);
    edit.push_back(path());
    go.run(edit, directory_.path());
    add_replaces(workspace, below_root);
  }
  ~WorkFile() {
    std::error_code ignored;
    fs::remove_all(directory_.path(), ignored);
  }
  WorkFile(const WorkFile&) = delete;
  WorkFile& operator=(const WorkFile&) = delete;

  std::string path() const { return (directory_.path() / "go.work").string(); }

 private:
  // `go work edit -replace` cannot be told a path with '@'.
  void add_replaces(const Workspace& workspace, const auto& below_root) const {
    auto text = read_text(path(), kLargestModFile);
    for (const auto& [module, path] : workspace.replaces) {
      auto old = module;
      std::replace(old.begin(), old.end(), '@', ' ');
      text += fmt::format("\nreplace {} => {}\n", old, nlohmann::json(below_root(path)).dump());
    }
    directory_.replace_text("go.work", text, false);
  }

  Dir directory_;
};

class ModuleCommand {
 public:
  // Works in the data directory `data`. Go's settings: this environment's, else those of the go.env there,
  // else what this machine's go says.
  // What is temporary lies in the directory `temporary`.
  ModuleCommand(const Session& session, const store::Store& bundle, const fs::path& data, const Tree& tree,
                const Dir& temporary)
      : go_(session, bundle, data, tree, "bring modules") {
    go_.environment["GOTMPDIR"] = fs::absolute(temporary.path()).string();
    const auto inherited = current_environment();
    const auto settings = source::GoEnvironment::read(inherited, session.stop);
    const auto go_env = read_text(go_.environment.at("GOENV"), kLargestModFile);
    temporary.replace_text("go.env", bundle::without_setting(go_env, "GOCACHEPROG"), false);
    go_.environment["GOENV"] = fs::absolute(temporary.path() / "go.env").string();
    const std::pair<const char*, const std::string&> known[] = {
        {"GOPROXY", settings.goproxy}, {"GOSUMDB", settings.gosumdb}, {"GONOSUMDB", settings.gonosumdb}};
    for (const auto& [name, value] : known) {
      const bool is_preset =
          bundle::find_setting(go_env, name) ||
          (name == std::string_view("GONOSUMDB") && bundle::find_setting(go_env, "GOPRIVATE"));
      if (!value.empty() && (!is_preset || inherited.contains(name))) go_.environment[name] = value;
    }
    for (const char* name : {"GOPRIVATE", "GONOPROXY", "GOINSECURE", "GOVCS", "GOAUTH"}) {
      if (const auto at = inherited.find(name); at != inherited.end()) go_.environment[name] = at->second;
    }
    auto& flags = go_.environment["GOFLAGS"];
    flags += flags.empty() ? "-modcacherw" : " -modcacherw";
  }

  void download(const fs::path& project) {
    for (const auto& directory : directories_of(project)) {
      go_.environment["GOWORK"] = "off";
      const ModFile copy(directory, temporary());
      go_.run({"mod", "download", copy.flag()}, directory);
      go_.run({"mod", "tidy", copy.flag()}, directory);  // for the tests of what is needed, too
    }
    if (!is_workspace(project)) return;
    const WorkFile copy(go_, project, temporary());
    go_.environment["GOWORK"] = copy.path();
    go_.run({"mod", "download"}, project.parent_path());
  }

  // From here on without a network: modules come from directories alone, none from its repository, and there
  // is a proxy that is not there for what would ask one all the same.
  void disconnect() {
    for (const char* name : {"HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"})
      go_.environment[name] = "http://127.0.0.1:9";
    for (const char* name : {"NO_PROXY", "no_proxy"}) go_.environment.erase(name);
    go_.environment["GOPROXY"] = directories_among(go_.environment["GOPROXY"]);
    go_.environment["GONOPROXY"] = "none";
  }

  // As the go command decides it without -mod, by vendor/modules.txt and the go line.
  bool builds_from_vendor(const fs::path& project) const {
    const auto list = project.parent_path() / "vendor/modules.txt";
    std::error_code ignored;
    if (!fs::is_regular_file(list, ignored)) return false;
    const bool is_of_workspace = read_text(list, kLargestModFile).starts_with("## workspace");
    if (is_of_workspace != is_workspace(project)) return false;
    const auto text =
        go_.run({is_of_workspace ? "work" : "mod", "edit", "-json", project.string()}, project.parent_path());
    const auto file = nlohmann::json::parse(text);
    const auto version = release::Version::try_parse(file.value("Go", ""));
    return version && *version >= release::Version::try_parse(is_of_workspace ? "1.22rc1" : "1.14").value();
  }

  // Everything without a network and without any proxy.
  void rehearse(const fs::path& project) {
    auto connected = go_.environment;
    disconnect();
    go_.environment["GOPROXY"] = "off";
    builds_from_vendor(project) ? rehearse_vendored(project) : rehearse_modules(project);
    go_.environment = std::move(connected);
  }

 private:
  void rehearse_vendored(const fs::path& project) {
    go_.environment["GOWORK"] = is_workspace(project) ? project.string() : "off";
    for (const auto& directory : directories_of(project))
      go_.run({"list", "-mod=vendor", "-deps", "-test", "./..."}, directory);
  }

  void rehearse_modules(const fs::path& project) {
    for (const auto& directory : directories_of(project)) {
      go_.environment["GOWORK"] = "off";
      const ModFile copy(directory, temporary());
      go_.run({"mod", "download", copy.flag()}, directory);
      go_.run({"list", "-mod=mod", copy.flag(), "-deps", "-test", "./..."}, directory);
      go_.run({"mod", "tidy", copy.flag()}, directory);
      go_.run({"mod", "verify", copy.flag()}, directory);
    }
    if (is_workspace(project)) {
      const WorkFile copy(go_, project, temporary());
      go_.environment["GOWORK"] = copy.path();
      for (const auto& directory : directories_of(project))
        go_.run({"list", "-deps", "-test", "./..."}, directory);
    }
  }

  fs::path temporary() const { return go_.environment.at("GOTMPDIR"); }

  // The modules of a project.
  std::vector<fs::path> directories_of(const fs::path& project) const {
    if (!is_workspace(project)) return {project.parent_path()};
    std::vector<fs::path> directories;
    for (const auto& use : read_workspace(go_, project).uses)
      directories.push_back(project.parent_path() / use);
    return directories;
  }

  BundledGo go_;
};

constexpr const char* kPackages = "gopath/pkg";  // in a data directory: the module cache and its proofs

// Locks are made anew wherever they are needed.
bool is_lock(const tree::RelPath& path) {
  return path.starts_with("mod/cache") && (path.name() == "lock" || path.name().ends_with(".lock"));
}

// Lists what a bundle's module cache lacks. What is in a module cache does not change.
class Comparison final : public tree::TreeSink {
 public:
  explicit Comparison(tree::DirChain there) : there_(std::move(there)) {}

  void add(const tree::Entry& entry, ByteSource&) override {
    if (is_lock(entry.path)) return;
    const auto below = fmt::format("{}/{}/{}", kData, kPackages, entry.path.text());
    const tree::Entry placed{tree::RelPath(below), false, entry.size};
    const auto* dir = there_.find(placed.path.parent());
    const auto there = dir ? dir->find(std::string(placed.path.name())) : std::nullopt;
    if (!there || there->size != entry.size) missing.push_back(placed);
  }

  std::vector<tree::Entry> missing;

 private:
  tree::DirChain there_;
};

// Copies files of a module cache, over what a copy that was interrupted has left.
class CacheWriter final : public tree::TreeSink {
 public:
  CacheWriter(const Session& session, Dir root)
      : session_(session), directories_(std::move(root), tree::DirChain::Missing::create) {}

  void add(const tree::Entry& entry, ByteSource& content) override {
    throw_if_stopped(session_.stop);
    const auto& dir = directories_.open(entry.path.parent());
    const std::string name(entry.path.name());
    dir.remove_file(name);
    auto file = dir.create_file(name);
    FileSink sink(file);
    copy(content, sink);
    file.close();
  }

 private:
  const Session& session_;
  tree::DirChain directories_;
};

// By this file launchers see that a data directory has not all that the bundle's module cache has.
void mark_as_filled(const fs::path& cache) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now).count();
  Dir::ensure(cache).replace_text("gopack-modules", fmt::format("{}\n", seconds), false);
}

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

Modules::Modules(const Session& session, const store::Store& bundle, const Tree& tree,
                 const std::vector<fs::path>& projects, const std::string& go_env)
    : session_(session), bundle_(bundle), tree_(tree), projects_(projects) {
  if (projects.empty()) return;
  staging_.emplace(session.store.stage());
  download(go_env);
  Comparison comparison(tree::DirChain(bundle.home().open_dir(".")));
  tree::read_dir(staged(), comparison);
  missing_ = std::move(comparison.missing);
}

Dir Modules::staged() const {
  return Dir::ensure(staging_->directory().path() / kData / kPackages);
}

void Modules::download(const std::string& go_env) const {
  const auto data = staging_->directory().ensure_dir(kData);
  data.ensure_dir("gopath").replace_text("go.env", go_env, false);
  tree::DirChain there(bundle_.home().open_dir("."));
  for (const std::string part : {"mod/cache/download", "sumdb"}) {
    const auto* known = there.find(fmt::format("{}/{}/{}", kData, kPackages, part));
    if (known == nullptr) continue;
    CacheWriter writer(session_, Dir::ensure(staged().path() / part));
    tree::read_dir(*known, writer);
  }
  ModuleCommand command(session_, bundle_, data.path(), tree_, staging_->directory().ensure_dir("tmp"));
  if (session_.transport.is_offline()) command.disconnect();
  for (const auto& name : projects_) {
    throw_if_stopped(session_.stop);
    const auto project = fs::absolute(name);
    if (command.builds_from_vendor(project)) {
      session_.reporter.note(fmt::format("{} builds from its vendor directory: nothing is to be downloaded",
                                         printable(project)));
      continue;
    }
    session_.reporter.note(fmt::format("downloading the modules of {} …", printable(project)));
    command.download(project);
  }
  // The repositories that modules were taken from have done their work.
  Dir::ensure(staged().path() / "mod/cache").remove_tree("vcs");
}

void Modules::bring() const {
  if (projects_.empty()) return;
  CacheWriter writer(session_, bundle_.home().open_dir("."));
  tree::DirChain from(staging_->directory().open_dir("."));  // where all lies as in the bundle
  for (const auto& entry : missing_) {
    auto file = from.open(entry.path.parent()).open_file(std::string(entry.path.name()));
    FileSource content(file);
    writer.add(entry, content);
  }
  if (!missing_.empty()) mark_as_filled(bundle_.path() / kData / kPackages / "mod/cache");
  ModuleCommand command(session_, bundle_, bundle_.path() / kData, tree_,
                        staging_->directory().ensure_dir("tmp"));
  const auto damage = fmt::format("what {} holds may be damaged: delete it, and run the command again",
                                  printable(bundle_.path() / kData / "gopath/pkg/mod"));
  for (const auto& name : projects_) {
    throw_if_stopped(session_.stop);
    const auto project = fs::absolute(name);
    session_.reporter.note(fmt::format("trying {} without a network …", printable(project)));
    try {
      command.rehearse(project);
    } catch (Error& error) {
      error.with_context(fmt::format("trying {} without a network", printable(project)));
      if (error.kind() != ErrorKind::failed) throw error;
      throw error.with_hint(command.builds_from_vendor(project)
                                ? "bring its vendor directory up to date: `go mod vendor`, "
                                  "or `go work vendor` for a workspace"
                                : damage);
    }
  }
}

}  // namespace gopack::workflow
