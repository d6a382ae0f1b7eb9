#include "gopack/offline/modules.hpp"

#include <fmt/format.h>

#include <chrono>
#include <optional>

#include "gopack/base/error.hpp"
#include "gopack/base/file.hpp"
#include "gopack/base/replace.hpp"
#include "gopack/tree/dir_chain.hpp"
#include "gopack/tree/dir_writer.hpp"
#include "module_command.hpp"

namespace gopack::offline {

namespace fs = std::filesystem;

namespace {

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
  CacheWriter(const Context& context, Dir root)
      : context_(context), directories_(std::move(root), tree::DirChain::Missing::create) {}

  void add(const tree::Entry& entry, ByteSource& content) override {
    throw_if_stopped(context_.run.stop);
    const auto& dir = directories_.open(entry.path.parent());
    const std::string name(entry.path.name());
    dir.remove_file(name);
    auto file = dir.create_file(name);
    FileSink sink(file);
    copy(content, sink);
    file.close();
  }

 private:
  const Context& context_;
  tree::DirChain directories_;
};

// By this file launchers see that a data directory has not all that the bundle's module cache has.
constexpr const char* kModulesMark = "gopack-modules";

Dir packages_of(const store::Staging& staging) {
  return Dir::ensure(staging.directory().path() / kData / kPackages);
}

void mark_as_filled(const fs::path& cache) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now).count();
  replace_text(Dir::ensure(cache), kModulesMark, fmt::format("{}\n", seconds), false);
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

Modules::Modules(const Context& context, const store::Tree& tree, const std::vector<fs::path>& projects,
                 const std::string& go_env)
    : context_(context), tree_(tree), projects_(projects) {
  if (projects.empty()) return;
  const auto& staging = staging_.emplace(context.store.stage());
  download(staging, go_env);
  Comparison comparison(tree::DirChain(context.bundle.home().open_dir(".")));
  tree::read_dir(packages_of(staging), comparison);
  missing_ = std::move(comparison.missing);
}

void Modules::download(const store::Staging& staging, const std::string& go_env) const {
  const auto data = staging.directory().ensure_dir(kData);
  replace_text(data.ensure_dir("gopath"), "go.env", go_env, false);
  tree::DirChain there(context_.bundle.home().open_dir("."));
  for (const std::string part : {"mod/cache/download", "sumdb"}) {
    const auto* known = there.find(fmt::format("{}/{}/{}", kData, kPackages, part));
    if (known == nullptr) continue;
    CacheWriter writer(context_, Dir::ensure(packages_of(staging).path() / part));
    tree::read_dir(*known, writer);
  }
  ModuleCommand command(context_, data.path(), tree_, staging.directory().ensure_dir("tmp"));
  if (!context_.may_use_network) command.disconnect();
  for (const auto& name : projects_) {
    throw_if_stopped(context_.run.stop);
    const auto project = fs::absolute(name);
    if (command.builds_from_vendor(project)) {
      context_.run.reporter.note(fmt::format(
          "{} builds from its vendor directory: nothing is to be downloaded", printable(project)));
      continue;
    }
    context_.run.reporter.note(fmt::format("downloading the modules of {} …", printable(project)));
    command.download(project);
  }
  // The repositories that modules were taken from have done their work.
  remove_tree(Dir::ensure(packages_of(staging).path() / "mod/cache"), "vcs");
}

void Modules::bring() const {
  if (!staging_) return;
  CacheWriter writer(context_, context_.bundle.home().open_dir("."));
  tree::DirChain from(staging_->directory().open_dir("."));  // where all lies as in the bundle
  for (const auto& entry : missing_) {
    auto file = from.open(entry.path.parent()).open_file(std::string(entry.path.name()));
    FileSource content(file);
    writer.add(entry, content);
  }
  if (!missing_.empty()) mark_as_filled(context_.bundle.path() / kData / kPackages / "mod/cache");
  ModuleCommand command(context_, context_.bundle.path() / kData, tree_,
                        staging_->directory().ensure_dir("tmp"));
  const auto damage = fmt::format("what {} holds may be damaged: delete it, and run the command again",
                                  printable(context_.bundle.path() / kData / "gopath/pkg/mod"));
  for (const auto& name : projects_) {
    throw_if_stopped(context_.run.stop);
    const auto project = fs::absolute(name);
    context_.run.reporter.note(fmt::format("trying {} without a network …", printable(project)));
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

void Modules::list(tree::FileList& files, std::int64_t time) const {
  if (missing_.empty()) return;
  std::vector<tree::ManifestFile> brought;
  digest::Hasher mark;
  tree::DirChain directories(context_.bundle.home().open_dir("."));
  for (const auto& entry : missing_) {
    throw_if_stopped(context_.run.stop);
    const auto file = directories.open(entry.path.parent()).open_file(std::string(entry.path.name()));
    const auto sha256 = digest::hash(file);
    brought.push_back({tree::RelPath(entry.path.text().substr(std::string_view(kData).size() + 1)), false,
                       file.status().size, sha256});
    mark.write(as_bytes(fmt::format("{} {}\n", sha256.hex(), entry.path.text())));
  }
  files.add_below(context_.bundle.home().open_dir(kData), kData, brought, time);
  files.add_text(tree::RelPath(fmt::format("{}/{}/mod/cache/{}", kData, kPackages, kModulesMark)),
                 mark.finish().hex() + "\n", time);
}

}  // namespace gopack::offline
