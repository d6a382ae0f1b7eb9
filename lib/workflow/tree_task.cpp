#include "tree_task.hpp"

#include <fmt/format.h>

#include <set>

#include "gopack/base/error.hpp"
#include "gopack/digest/sha256.hpp"
#include "gopack/store/mender.hpp"
#include "gopack/tree/dir_chain.hpp"

namespace gopack::workflow {

namespace {

using store::Problem;

File open_file(tree::DirChain& directories, const tree::RelPath& path) {
  return directories.open(path.parent()).open_file(std::string(path.name()));
}

std::vector<Problem> verify(const Session& session, const Tree& tree, const Dir& dir, store::Depth depth) {
  return store::verify_tree(dir, tree.manifest.files, depth, session.jobs, session.stop);
}

void require_read_back(const Session& session, const store::Store& target, const Tree& tree, const Dir& dir) {
  if (!target.durable()) return;
  dir.sync_filesystem();
  session.reporter.note(fmt::format("reading {} back …", tree.manifest.release));
  const auto problems = verify(session, tree, dir, store::Depth::medium);
  if (problems.empty()) return;
  throw Error(ErrorKind::integrity,
              fmt::format("cannot bundle {} into {}: {} of its files cannot be read back as they were "
                          "written, first {} ({})",
                          tree.manifest.release, printable(target.path()), problems.size(),
                          printable(problems.front().path), store::to_string(problems.front().kind)))
      .with_hint("run it again; if that does not help the medium is failing: use another one");
}

// Trees of one release are several tasks.
std::string progress_name(const Tree& tree) {
  return fmt::format("{} {}", tree.manifest.release, tree.manifest.profile);
}

class Copier {
 public:
  Copier(const Session& session, const store::Store& target, const TreeTask& task)
      : session_(session),
        target_(target),
        tree_(task.tree),
        problems_(task.problems),
        source_(session.store.open_tree(task.tree.id)) {}

  // Into a tree that is there.
  TaskDone mend() {
    if (problems_.empty()) return {.unchanged = tree_.manifest.files.size()};
    store::Mender mender(target_, tree_.id);
    for (const auto& problem : problems_) {
      throw_if_stopped(session_.stop);
      if (problem.kind == Problem::Kind::foreign) {
        mender.remove_foreign(problem.path);
        ++done_.removed;
        continue;
      }
      const auto& file = *tree_.manifest.find(problem.path);
      auto content = open_file(source_, file.path);
      FileSource bytes(content);
      mender.restore(file, bytes);
      count(file);
    }
    mender.commit();
    done_.unchanged = tree_.manifest.files.size() - done_.copied;
    require_read_back(session_, target_, tree_, target_.open_tree(tree_.id));
    return done_;
  }

  TaskDone copy() {
    const auto dir = target_.begin(tree_.id);
    const auto missing = clear(dir);
    tree::DirWriter writer(dir.open_dir("."));
    const auto total = tree_.manifest.bytes();
    std::uint64_t bytes = 0;
    for (const auto& file : tree_.manifest.files) {
      throw_if_stopped(session_.stop);
      if (missing.contains(file.path.text())) {
        auto content = open_file(source_, file.path);
        FileSource source(content);
        writer.add({file.path, file.executable, file.size}, source);
        count(file);
      } else {
        writer.adopt(file);
        ++done_.unchanged;
      }
      session_.reporter.progress(progress_name(tree_), bytes += file.size, total);
    }
    if (writer.files() != tree_.manifest.files) {
      throw Error(ErrorKind::integrity,
                  fmt::format("cannot bundle {}: it is damaged in the store", tree_.id.text()))
          .with_hint(fmt::format("run {}", session_.store.command("repair")));
    }
    const auto time = release_time(session_.store, tree_.id);
    if (time) writer.set_times(*time);
    require_read_back(session_, target_, tree_, dir);
    writer.seal();
    target_.publish(tree_.manifest);
    if (time) target_.home().set_time(tree_.id.text() + ".json", *time);
    return done_;
  }

 private:
  // Takes away what is not as it should be, and says which files are to be written.
  std::set<std::string, std::less<>> clear(const Dir& dir) const {
    std::set<std::string, std::less<>> missing;
    tree::DirChain directories(dir.open_dir("."));
    for (const auto& problem : problems_) {
      if (problem.kind != Problem::Kind::foreign) missing.insert(problem.path);
      if (problem.kind == Problem::Kind::missing) continue;
      const auto parent = tree::parent_of(problem.path);
      directories.open(parent).remove_tree(problem.path.substr(parent.empty() ? 0 : parent.size() + 1));
    }
    return missing;
  }

  void count(const tree::ManifestFile& file) {
    ++done_.copied;
    done_.bytes += file.size;
  }

  const Session& session_;
  const store::Store& target_;
  const Tree& tree_;
  const std::vector<Problem>& problems_;
  tree::DirChain source_;
  TaskDone done_;
};

}  // namespace

void announce(Reporter& reporter, const TreeTask& task) {
  if (!task.is_published) reporter.progress(progress_name(task.tree), 0, task.tree.manifest.bytes());
}

std::optional<std::int64_t> release_time(const store::Store& store, const tree::StoreId& id) {
  const auto version = store.open_tree(id).find("VERSION");
  return version ? std::optional(version->mtime) : std::nullopt;
}

TreeTask whole_task(const Tree& tree) {
  return {.tree = tree, .is_published = false, .problems = store::missing_files(tree.manifest.files)};
}

TreeTask plan_task(const Session& session, const store::Store& target, const Tree& tree) {
  if (target.has(tree.id))
    return {tree, true, verify(session, tree, target.open_tree(tree.id), store::Depth::names)};
  if (target.knows(tree.id)) return {tree, true, store::missing_files(tree.manifest.files)};
  const auto begun = target.find_unfinished(tree.id);
  if (!begun) return whole_task(tree);
  session.reporter.note(fmt::format("looking at what there is of {} already …", tree.manifest.release));
  return {tree, false, verify(session, tree, *begun, store::Depth::medium)};
}

void add_to(target::SpaceEstimate& need, const TreeTask& task) {
  auto room = need.for_tree();
  for (const auto& problem : task.problems) {
    if (problem.kind == Problem::Kind::foreign) continue;
    const auto& file = *task.tree.manifest.find(problem.path);
    room.add(file.path, file.size);
  }
  need.add(room);
}

TaskDone carry_out(const Session& session, const store::Store& target, const TreeTask& task) {
  Copier copier(session, target, task);
  if (!task.is_published) return copier.copy();
  auto done = copier.mend();
  const auto& [id, manifest] = task.tree;
  if (target.manifest_digest(id) == digest::hash(manifest.to_json())) return done;
  // What it was made from may be told in other words, or is damaged. A lease would stay on the old file.
  if (const auto claim = target.try_claim(id)) {
    target.publish(manifest);
    ++done.copied;
  }
  return done;
}

}  // namespace gopack::workflow
