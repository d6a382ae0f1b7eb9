#include "gopack/workflow/bundle.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "checksums.hpp"
#include "fit.hpp"
#include "gopack/base/error.hpp"
#include "gopack/bundle/files.hpp"
#include "gopack/store/probe.hpp"
#include "gopack/tree/dir_chain.hpp"
#include "modules.hpp"
#include "profiles.hpp"
#include "tree_task.hpp"
#include "warm.hpp"

namespace gopack::workflow {

namespace {

std::vector<tree::StoreId> ids_of(const std::vector<Tree>& trees) {
  std::vector<tree::StoreId> ids;
  for (const auto& tree : trees) ids.push_back(tree.id);
  return ids;
}

void require_room(const Session& session, const BundleOptions& options, const std::vector<TreeTask>& tasks,
                  const std::vector<tree::Entry>& modules, const Space& space) {
  Need need(space);
  std::vector<Tree> trees;
  for (const auto& task : tasks) {
    add_to(need, task);
    trees.push_back(task.tree);
  }
  auto cache = need.tree_room();
  for (const auto& file : modules) cache.add(file.path, file.size);
  need.add(cache);
  if (!store::Store::is_at(options.target)) {
    for (const auto& file : bundle::bundle_files()) need.add_file(file.text.size());
  }
  add_warm(need, session.store, options.target, trees, {options.warm, options.warm_flags});
  need.require(fmt::format("bundle into {}", printable(options.target)));
}

void warn_of_long_paths(const Session& session, const std::filesystem::path& target,
                        const store::Facts& facts, std::vector<Tree> trees) {
  std::erase_if(trees, [](const Tree& tree) {
    const auto platforms = tree.platforms();
    return std::none_of(platforms.begin(), platforms.end(), [](const auto& p) { return p.os == "windows"; });
  });
  const auto longest = longest_path(target, facts, trees);
  if (longest.units <= kWindowsPath) return;
  session.reporter.warning(
      fmt::format("on Windows the longest path has {} characters, of which {} are allowed: {}", longest.units,
                  kWindowsPath, printable(longest.text)));
}

constexpr std::uint64_t kLargestFile = 64 << 20;  // bytes, of those beside the trees

class Bundler {
 public:
  Bundler(const Session& session, const BundleOptions& options, const store::Store& target,
          const store::Facts& facts)
      : session_(session), options_(options), target_(target), facts_(facts) {}

  Bundled run(std::vector<Tree> trees) {
    Bundled result{.trees = std::move(trees), .current = tree::StoreId("v_0000000000000000"), .warmed = {}};
    std::vector<TreeTask> tasks;
    for (const auto& tree : result.trees) tasks.push_back(plan_task(session_, target_, tree));
    target_.remove_leftovers(ids_of(result.trees), session_.stop);
    result.current = choose_current(result.trees);
    const auto current = current_tree(result);
    auto beside = files();
    const Modules modules(session_, target_, current, options_.modules, go_env_of(beside).text);
    require_names(modules.missing());
    require_room(session_, options_, tasks, modules.missing(), target_.home().space());
    for (const auto& task : tasks) announce(session_.reporter, task);
    for (const auto& task : tasks) {
      put_tree(task, result);
      const auto& tree = task.tree;
      const auto proof = session_.store.find_proof(tree.id);
      if (proof && proof != target_.find_proof(tree.id)) target_.put_proof(tree.id, *proof);
    }
    put_files(beside, result);
    const auto leaving = claim_others(result);
    modules.bring();
    result.warmed = warm(session_, target_, result.trees, {options_.warm, options_.warm_flags});
    if (target_.durable()) target_.home().sync_filesystem();
    put_checksums(result);  // last, and flushed: it lists only what is on the medium
    // What can fail has not: until here the bundle starts what it started before.
    target_.pointer().switch_to(result.current, target_.durable());
    for (const auto& [id, claim] : leaving) {
      if (const auto tree = load_tree(target_, id, session_.reporter))
        result.removed += tree->manifest.files.size();
      target_.remove(id, claim, session_.stop);
    }
    result.flushed = target_.durable() && (leaving.empty() || flush());
    return result;
  }

 private:
  static const Tree* find_tree(const std::vector<Tree>& trees, const tree::StoreId& id) {
    const auto found =
        std::find_if(trees.begin(), trees.end(), [&](const Tree& tree) { return tree.id == id; });
    return found == trees.end() ? nullptr : &*found;
  }

  void put_tree(const TreeTask& task, Bundled& result) const {
    try {
      const auto done = carry_out(session_, target_, task);
      result.copied += done.copied;
      result.unchanged += done.unchanged;
      result.removed += done.removed;
      result.bytes += done.bytes;
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::interrupted) discard();
      throw;
    }
  }

  // The switch has flushed itself; what is left of trees that went is not worth an error.
  bool flush() const {
    try {
      target_.home().sync_filesystem();
      return true;
    } catch (const Error& error) {
      session_.reporter.warning(error.text());
      return false;
    }
  }

  // Of a tree that has been begun; where the medium has gone away it stays for the next run.
  void discard() const {
    try {
      target_.remove_leftovers();
    } catch (const Error& error) {
      session_.reporter.detail(error.text());
    }
  }

  static void count_copied(std::uint64_t bytes, Bundled& result) {
    ++result.copied;
    result.bytes += bytes;
  }

  // Names in the module cache that the target refuses.
  void require_names(const std::vector<tree::Entry>& modules) const {
    Paths paths;
    for (const auto& file : modules) paths.push_back(file.path.text());
    if (const auto fault = find_name_fault(facts_, std::vector<Paths>{paths})) {
      throw Error(ErrorKind::noroom,
                  fmt::format("cannot bring modules into {}: {}", printable(target_.path()), *fault))
          .with_hint("choose another target, or do without the project that needs this module");
    }
  }

  static bundle::BundleFile& go_env_of(std::vector<bundle::BundleFile>& files) {
    return *std::find_if(files.begin(), files.end(),
                         [](const bundle::BundleFile& file) { return file.path.text() == bundle::kGoEnv; });
  }

  // A go.env that is there keeps all that is not preset.
  std::vector<bundle::BundleFile> files() const {
    auto files = bundle::bundle_files();
    auto& go_env = go_env_of(files);
    tree::DirChain directories(target_.home().open_dir("."));
    if (const auto* dir = directories.find(go_env.path.parent())) {
      if (auto there = dir->find_text(std::string(go_env.path.name()), kLargestFile)) {
        const auto path = target_.path() / go_env.path.text();
        auto mended = bundle::mended_go_env(*there, path);
        if (mended) {
          session_.reporter.warning(fmt::format(
              "{} has line ends that Go takes for parts of values: it is mended", printable(path)));
          go_env.is_setting = false;
        }
        go_env.text = std::move(mended ? *mended : *there);
      }
    }
    if (options_.go_env.empty()) return files;
    go_env.text = bundle::with_settings(go_env.text, options_.go_env);
    go_env.is_setting = false;
    return files;
  }

  void put_file(const Dir& dir, const std::string& name, const bundle::BundleFile& file,
                Bundled& result) const {
    const auto old = dir.find_text(name, kLargestFile);
    if (old && (file.is_setting || *old == file.text)) {
      ++result.unchanged;
      return;
    }
    // New files are flushed with everything else at the end. A power cut before must neither empty what was
    // there, nor leave an empty setting, which nobody would write again.
    const bool flush = (old || file.is_setting) && target_.durable();
    dir.replace_text(name, file.text, flush, file.executable ? 0755 : 0644);
    count_copied(file.text.size(), result);
  }

  void put_files(const std::vector<bundle::BundleFile>& files, Bundled& result) const {
    tree::DirChain directories(target_.home().open_dir("."), tree::DirChain::Missing::create);
    for (const auto& file : files) {
      put_file(directories.open(file.path.parent()), std::string(file.path.name()), file, result);
    }
  }

  // Trees of the same id have the same files: those that were chosen need not be read again.
  void put_checksums(Bundled& result) const {
    std::vector<Tree> others;
    for (const auto& id : target_.ids()) {
      if (find_tree(result.trees, id) != nullptr || !stays(id, result)) continue;
      if (auto tree = load_tree(target_, id, session_.reporter)) others.push_back(std::move(*tree));
    }
    std::vector<bundle::BundleTree> listed;
    for (const auto* trees : {&result.trees, &others}) {
      for (const auto& tree : *trees)
        listed.push_back({tree.id, target_.manifest_digest(tree.id), tree.manifest.files});
    }
    const auto text = bundle::checksum_file(bundle::bundle_files(), listed);
    if (target_.home().find_text(kChecksums, kLargestFile) == text) {
      ++result.unchanged;
      return;
    }
    target_.home().replace_text(kChecksums, text, target_.durable());
    count_copied(text.size(), result);
  }

  tree::StoreId choose_current(const std::vector<Tree>& trees) const {
    auto wanted = session_.store.pointer().current();
    if (!wanted || find_tree(trees, *wanted) == nullptr) wanted = target_.pointer().current();
    if (!wanted || (find_tree(trees, *wanted) == nullptr && !target_.has(*wanted))) wanted = trees.back().id;
    return *wanted;
  }

  bool stays(const tree::StoreId& id, const Bundled& result) const {
    return !options_.delete_others || id == result.current || find_tree(result.trees, id) != nullptr;
  }

  Tree current_tree(const Bundled& result) const {
    const auto* chosen = find_tree(result.trees, result.current);
    return chosen ? *chosen : Tree{result.current, target_.manifest(result.current)};
  }

  std::map<tree::StoreId, store::Lock> claim_others(const Bundled& result) const {
    std::map<tree::StoreId, store::Lock> claims;
    for (const auto& id : target_.ids()) {
      if (!stays(id, result)) claims.emplace(id, target_.claim(id));
    }
    return claims;
  }

  const Session& session_;
  const BundleOptions& options_;
  const store::Store& target_;
  const store::Facts& facts_;
};

std::vector<Tree> choose(const Session& session, const BundleOptions& options) {
  auto trees = choose_trees(session.store, options.selectors, session.reporter);
  if (!options.profile.empty() && !trees.empty()) {
    std::vector<std::string> profiles;
    for (const auto& tree : trees) profiles.push_back(tree.manifest.profile);
    std::erase_if(trees, [&](const Tree& tree) { return tree.manifest.profile != options.profile; });
    if (trees.empty()) throw no_tree_of_profile(options.profile, std::move(profiles));
  }
  if (!trees.empty()) return trees;
  throw Error(ErrorKind::failed,
              fmt::format("there is no tree to bundle in {}", printable(session.store.path())))
      .with_hint("lay releases out first: `gopack trim --profile minimal`");
}

void check_target(const store::Store& store, const std::filesystem::path& target) {
  std::error_code ignored;
  if (target.empty()) throw Error(ErrorKind::usage, "cannot bundle: --target names no directory");
  for (auto above = std::filesystem::weakly_canonical(target, ignored); !above.empty();) {
    if (std::filesystem::equivalent(above, store.path(), ignored)) {
      throw Error(ErrorKind::usage,
                  fmt::format("cannot bundle into {}: it is in the store itself", printable(target)))
          .with_hint("name the directory of a stick or share");
    }
    above = above == above.root_path() ? std::filesystem::path() : above.parent_path();
  }
  if (std::filesystem::exists(target, ignored) && !std::filesystem::is_directory(target, ignored)) {
    throw Error(ErrorKind::failed,
                fmt::format("cannot bundle into {}: it is no directory", printable(target)))
        .with_hint("name the directory of a stick or share");
  }
}

// Names that the user has taken. What an older bundle has put there is gopack's to replace.
void require_free_names(const std::filesystem::path& target, bool is_bundle) {
  std::error_code ignored;
  const auto refuse = [&](std::string_view name, std::string_view what) {
    throw Error(ErrorKind::failed, fmt::format("cannot bundle into {}: {} is there already and is {}",
                                               printable(target), printable(name), what))
        .with_hint("move it away, or name another directory");
  };
  auto files = bundle::bundle_files();
  files.push_back({tree::RelPath(kChecksums), ""});
  for (const auto& file : files) {
    for (auto above = file.path.parent(); !above.empty(); above = tree::parent_of(above)) {
      const auto path = target / above;
      if (std::filesystem::exists(path, ignored) && !std::filesystem::is_directory(path, ignored))
        refuse(above, "no directory");
    }
    const auto path = target / file.path.text();
    if (!std::filesystem::exists(path, ignored)) continue;
    if (!std::filesystem::is_regular_file(path, ignored)) refuse(file.path.text(), "no file");
    if (is_bundle || file.is_setting) continue;
    if (std::filesystem::file_size(path) != file.text.size() || read_text(path, kLargestFile) != file.text)
      refuse(file.path.text(), "not gopack's");
  }
}

}  // namespace

Bundled bundle(const Session& session, const BundleOptions& options) {
  check_target(session.store, options.target);
  const auto lock = session.store.lock(session.lock_patience, session.stop);
  auto trees = choose(session, options);
  check_projects(options.modules);
  check_warm({options.warm, options.warm_flags}, session.store, trees);
  const auto durability = session.store.durable() ? store::Durability::full : store::Durability::fast;
  std::optional<store::Lock> target_lock;
  if (store::Store::is_at(options.target)) {
    target_lock = store::Store::ensure(options.target, durability).lock(session.lock_patience, session.stop);
  }
  require_free_names(options.target, target_lock.has_value());
  const auto facts = store::probe(options.target);
  require_fit(options.target, facts, trees);
  if (!target_lock) {  // nothing is written there before it is known to suffice
    std::vector<TreeTask> tasks;
    for (const auto& tree : trees) tasks.push_back(whole_task(tree));
    require_room(session, options, tasks, {}, facts.space);
  }
  warn_of_long_paths(session, options.target, facts, trees);
  const auto target = store::Store::ensure(options.target, durability);
  if (!target_lock) target_lock = target.lock(session.lock_patience, session.stop);
  return Bundler(session, options, target, facts).run(std::move(trees));
}

}  // namespace gopack::workflow
