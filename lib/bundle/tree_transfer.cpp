#include "transfer.hpp"

#include <fmt/format.h>

#include <set>

#include "gopack/base/error.hpp"
#include "gopack/base/filesystem.hpp"
#include "gopack/digest/sha256.hpp"
#include "gopack/store/mender.hpp"
#include "gopack/store/removal.hpp"
#include "gopack/store/shared_files.hpp"
#include "gopack/store/trees.hpp"
#include "gopack/tree/dir_chain.hpp"

namespace gopack::bundle {

namespace {

using store::Problem;

File open_file(tree::DirChain& directories, const tree::RelPath& path) {
  return directories.open(path.parent()).open_file(std::string(path.name()));
}

std::vector<Problem> verify(const Context& context, const store::Tree& tree, const Dir& dir,
                            store::Depth depth) {
  return store::verify_tree(dir, tree.manifest.files, depth, context.run.jobs, context.run.stop);
}

void require_read_back(const Context& context, const store::Tree& tree, const Dir& dir) {
  if (!context.target.durable()) return;
  sync_filesystem(dir);
  context.run.reporter.note(fmt::format("reading {} back …", tree.manifest.release));
  const auto problems = verify(context, tree, dir, store::Depth::medium);
  if (problems.empty()) return;
  throw Error(ErrorKind::integrity,
              fmt::format("cannot bundle {} into {}: {} of its files cannot be read back as they were "
                          "written, first {} ({})",
                          tree.manifest.release, printable(context.target.path()), problems.size(),
                          printable(problems.front().path), store::to_string(problems.front().kind)))
      .with_hint("run it again; if that does not help the medium is failing: use another one");
}

// Trees of one release are several tasks.
std::string task_name(const store::Tree& tree) {
  return fmt::format("{} {}", tree.manifest.release, tree.manifest.profile);
}

class Copier {
 public:
  Copier(const Context& context, const TreeTransfer& transfer)
      : context_(context),
        tree_(transfer.tree),
        problems_(transfer.problems),
        source_(context.store.trees().open(transfer.tree.id)) {}

  // Into a tree that is there.
  Counts mend() {
    if (problems_.empty()) return {.unchanged = tree_.manifest.files.size()};
    store::Mender mender(context_.target, tree_.id);
    std::vector<tree::ManifestFile> damaged;
    std::vector<tree::ManifestFile> rest;
    for (const auto& problem : problems_) {
      throw_if_stopped(context_.run.stop);
      if (const auto* file = tree_.manifest.find(problem.path)) {
        const bool is_known = !damaged.empty() && damaged.back().path == file->path;  // mode and content, say
        if (!is_known) damaged.push_back(*file);
        continue;
      }
      mender.remove_foreign(problem.path);
      ++done_.removed;
    }
    if (!damaged.empty()) rest = mender.take(damaged, {context_.store, &tree_}, context_.run);
    for (const auto& file : rest) {
      throw_if_stopped(context_.run.stop);
      auto content = open_file(source_, file.path);
      if (digest::hash(content) != file.sha256) throw damaged_in_store();
      FileSource bytes(content);
      mender.restore(file, bytes);
      count(file);
    }
    count_shared(damaged.size() - rest.size());
    mender.commit();
    done_.unchanged = tree_.manifest.files.size() - done_.copied;
    require_read_back(context_, tree_, context_.target.trees().open(tree_.id));
    return done_;
  }

  Counts copy() {
    const auto dir = context_.target.trees().begin(tree_.id);
    const auto missing = clear(dir);
    tree::DirWriter writer(dir.open_dir("."));
    const auto shared = share(missing, writer);
    const auto task = task_name(tree_);
    const auto total = tree_.manifest.bytes();
    std::uint64_t bytes = 0;
    for (const auto& file : tree_.manifest.files) {
      throw_if_stopped(context_.run.stop);
      if (shared.contains(file.path.text())) {
        count_shared(1);
      } else if (missing.contains(file.path.text())) {
        auto content = open_file(source_, file.path);
        FileSource source(content);
        writer.add({file.path, file.executable, file.size}, source);
        count(file);
      } else {
        writer.adopt(file);
        ++done_.unchanged;
      }
      context_.run.reporter.on(Progressed{task, bytes += file.size, total});
    }
    if (writer.files() != tree_.manifest.files) throw damaged_in_store();
    const auto time = release_time(context_.store, tree_.id);
    if (time) writer.set_times(*time);
    require_read_back(context_, tree_, dir);
    writer.seal();
    context_.target.trees().publish(tree_.manifest);
    if (time) set_time(context_.target.home(), tree_.id.text() + ".json", *time);
    context_.run.reporter.on(Finished{task});
    return done_;
  }

 private:
  Error damaged_in_store() const {
    return Error(ErrorKind::integrity,
                 fmt::format("cannot copy {}: it is damaged in the store", tree_.id.text()))
        .with_hint(fmt::format("run {}", context_.store.command("repair")));
  }

  // Takes away what is not as it should be, and says which files are to be written.
  std::set<std::string, std::less<>> clear(const Dir& dir) const {
    std::set<std::string, std::less<>> missing;
    tree::DirChain directories(dir.open_dir("."));
    for (const auto& problem : problems_) {
      if (problem.kind != Problem::Kind::foreign) missing.insert(problem.path);
      if (problem.kind == Problem::Kind::missing) continue;
      const auto parent = tree::parent_of(problem.path);
      remove_tree(directories.open(parent), problem.path.substr(parent.empty() ? 0 : parent.size() + 1));
    }
    return missing;
  }

  // What is missing and need not be copied: it is on this filesystem already, in the store or in another tree
  // of the target.
  std::set<std::string, std::less<>> share(const std::set<std::string, std::less<>>& missing,
                                           tree::DirWriter& writer) const {
    std::vector<tree::ManifestFile> wanted;
    for (const auto& file : tree_.manifest.files) {
      if (missing.contains(file.path.text())) wanted.push_back(file);
    }
    auto rest = store::share_files(wanted, {context_.store, &tree_}, writer, context_.run);
    if (!rest.empty())
      rest = store::share_files(rest, {context_.target, nullptr, tree_.id}, writer, context_.run);
    auto shared = missing;
    for (const auto& file : rest) shared.erase(file.path.text());
    return shared;
  }

  void count_shared(std::uint64_t files) {
    done_.copied += files;
    done_.shared += files;
  }

  void count(const tree::ManifestFile& file) {
    ++done_.copied;
    done_.bytes += file.size;
  }

  const Context& context_;
  const store::Tree& tree_;
  const std::vector<Problem>& problems_;
  tree::DirChain source_;
  Counts done_;
};

}  // namespace

Counts& Counts::operator+=(const Counts& more) {
  copied += more.copied;
  shared += more.shared;
  unchanged += more.unchanged;
  removed += more.removed;
  bytes += more.bytes;
  return *this;
}

void announce(Reporter& reporter, const TreeTransfer& transfer) {
  if (transfer.is_published) return;
  reporter.on(Started{task_name(transfer.tree), transfer.tree.manifest.bytes()});
}

std::optional<std::int64_t> release_time(const store::Store& store, const tree::StoreId& id) {
  const auto version = store.trees().open(id).find("VERSION");
  return version ? std::optional(version->mtime) : std::nullopt;
}

TreeTransfer whole_transfer(const store::Tree& tree) {
  return {.tree = tree, .is_published = false, .problems = store::missing_files(tree.manifest.files)};
}

TreeTransfer plan_transfer(const Context& context, const store::Tree& tree) {
  if (context.target.trees().is_complete(tree.id))
    return {tree, true, verify(context, tree, context.target.trees().open(tree.id), store::Depth::names)};
  if (context.target.trees().is_known(tree.id))
    return {tree, true, store::missing_files(tree.manifest.files)};
  const auto begun = context.target.trees().find_unfinished(tree.id);
  if (!begun) return whole_transfer(tree);
  context.run.reporter.note(fmt::format("looking at what there is of {} already …", tree.manifest.release));
  return {tree, false, verify(context, tree, *begun, store::Depth::medium)};
}

void add_to(target::SpaceEstimate& need, const TreeTransfer& transfer) {
  std::vector<tree::ManifestFile> files;
  for (const auto& problem : transfer.problems) {
    if (problem.kind != Problem::Kind::foreign) files.push_back(*transfer.tree.manifest.find(problem.path));
  }
  need.add(need.for_tree(files));
}

Counts carry_out(const Context& context, const TreeTransfer& transfer) {
  Copier copier(context, transfer);
  if (!transfer.is_published) return copier.copy();
  auto done = copier.mend();
  const auto& [id, manifest] = transfer.tree;
  if (context.target.trees().manifest_digest(id) == digest::hash(manifest.to_json())) return done;
  // What it was made from may be told in other words, or is damaged. A lease would stay on the old file.
  if (const auto claim = context.target.removal().try_claim(id)) {
    context.target.trees().publish(manifest);
    ++done.copied;
  }
  return done;
}

}  // namespace gopack::bundle
