#include "gopack/workflow/bundle.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

#include "bundle_target.hpp"
#include "checksums.hpp"
#include "gopack/base/error.hpp"
#include "gopack/bundle/files.hpp"
#include "gopack/offline/modules.hpp"
#include "gopack/offline/warm.hpp"
#include "gopack/target/fit.hpp"
#include "gopack/target/probe.hpp"
#include "gopack/tree/dir_chain.hpp"
#include "profiles.hpp"
#include "tree_task.hpp"

namespace gopack::workflow {

namespace {

std::vector<tree::StoreId> ids_of(const std::vector<Tree>& trees) {
  std::vector<tree::StoreId> ids;
  for (const auto& tree : trees) ids.push_back(tree.id);
  return ids;
}

void require_room(const Session& session, const BundleOptions& options, const std::vector<TreeTask>& tasks,
                  const std::vector<tree::Entry>& modules, const Space& space) {
  target::SpaceEstimate need(space);
  std::vector<Tree> trees;
  for (const auto& task : tasks) {
    add_to(need, task);
    trees.push_back(task.tree);
  }
  auto cache = need.for_tree();
  for (const auto& file : modules) cache.add(file.path, file.size);
  need.add(cache);
  if (!store::Store::is_at(options.target)) {
    for (const auto& file : bundle::bundle_files()) need.add_file(file.text.size());
  }
  offline::add_warm(need, session.store, options.target, trees, {options.warm, options.warm_flags});
  need.require(fmt::format("bundle into {}", printable(options.target)));
}

void warn_of_long_paths(const Session& session, const std::filesystem::path& target,
                        const target::Facts& facts, std::vector<Tree> trees) {
  std::erase_if(trees, [](const Tree& tree) {
    const auto platforms = tree.platforms();
    return std::none_of(platforms.begin(), platforms.end(), [](const auto& p) { return p.os == "windows"; });
  });
  const auto longest = target::longest_path(target, facts, trees);
  if (longest.units <= target::kWindowsPath) return;
  session.reporter.warning(
      fmt::format("on Windows the longest path has {} characters, of which {} are allowed: {}", longest.units,
                  target::kWindowsPath, printable(longest.text)));
}

class Bundler {
 public:
  Bundler(const Session& session, const BundleOptions& options, const store::Store& target,
          const target::Facts& facts)
      : session_(session), options_(options), target_(target), facts_(facts) {}

  Bundled run(std::vector<Tree> trees) {
    auto start = choose_current(trees);
    Bundled result{.trees = std::move(trees),
                   .current = std::move(start.tree),
                   .is_own_choice = start.is_own_choice,
                   .medium = facts_.medium,
                   .warmed = {}};
    std::vector<TreeTask> tasks;
    for (const auto& tree : result.trees) tasks.push_back(plan_task(session_, target_, tree));
    target_.remove_leftovers(ids_of(result.trees), session_.stop);
    for (const auto& tree : result.trees) time_ = std::max(time_, release_time(session_.store, tree.id));
    auto beside = files();
    const offline::Modules modules(offline_context(), result.current, options_.modules,
                                   go_env_of(beside).text);
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
    result.warmed = offline::warm(offline_context(), result.trees, {options_.warm, options_.warm_flags});
    if (target_.durable()) target_.home().sync_filesystem();
    put_checksums(result);  // last, and flushed: it lists only what is on the medium
    switch_pointer(result);
    for (const auto& [id, claim] : leaving) {
      if (const auto tree = store::load_tree(target_, id, session_.reporter))
        result.removed += tree->manifest.files.size();
      target_.remove(id, claim, session_.stop);
    }
    result.flushed = target_.durable() && (leaving.empty() || flush());
    return result;
  }

 private:
  offline::Context offline_context() const {
    return {session_.store, target_, session_.run(), !session_.transport.is_offline()};
  }

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
    target::Paths paths;
    for (const auto& file : modules) paths.push_back(file.path.text());
    if (const auto fault = target::find_name_fault(facts_, std::vector<target::Paths>{paths})) {
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
    set_release_time(dir, name);
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
    for (const auto& id : target_.known()) {
      if (find_tree(result.trees, id) != nullptr || !stays(id, result)) continue;
      if (auto tree = store::load_tree(target_, id, session_.reporter)) others.push_back(std::move(*tree));
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
    set_release_time(target_.home(), kChecksums);
    count_copied(text.size(), result);
  }

  // Two bundles of the same trees are alike.
  void set_release_time(const Dir& dir, const std::string& name) const {
    if (time_) dir.set_time(name, *time_);
  }

  struct Start {
    Tree tree;
    bool is_own_choice = false;
  };

  // A chosen tree that does what another one in the target does, and more, takes its place.
  std::optional<tree::StoreId> successor_of(const std::optional<tree::StoreId>& there,
                                            const std::vector<Tree>& trees) const {
    const auto tree = there ? store::load_tree(target_, *there, session_.reporter) : std::nullopt;
    if (!tree) return there;
    const auto found = std::find_if(trees.begin(), trees.end(),
                                    [&](const Tree& newer) { return store::supersedes(newer, *tree); });
    return found == trees.end() ? there : found->id;
  }

  // See bundle().
  Start choose_current(const std::vector<Tree>& trees) const {
    if (!options_.current.empty()) return {store::pick_tree(session_.store, trees, options_.current)};
    const auto there = successor_of(target_.pointer().current(), trees);
    const auto wanted = session_.store.pointer().current();
    const auto newest = std::max_element(trees.begin(), trees.end(), [&](const Tree& a, const Tree& b) {
      const auto rank = [&](const Tree& tree) {  // several of one release: rather what is current already
        return std::make_tuple(tree.version(), tree.id == wanted, tree.id == there,
                               tree.manifest.platforms.size());
      };
      return rank(a) < rank(b);
    });
    if (!options_.selectors.empty()) return {*newest};
    const auto* chosen_there = there ? find_tree(trees, *there) : nullptr;
    const bool stays = there && (chosen_there != nullptr || (target_.has(*there) && !options_.delete_others));
    const auto own = [&] { return chosen_there ? *chosen_there : Tree{*there, target_.manifest(*there)}; };
    if (stays) return {own(), wanted != there};
    const auto* current = wanted ? find_tree(trees, *wanted) : nullptr;
    return {current ? *current : *newest};
  }

  // What can fail has not: until here the bundle starts what it started before.
  void switch_pointer(Bundled& result) const {
    const auto pointer = target_.pointer();
    result.switched = pointer.current() != result.current.id;
    pointer.switch_to(result.current.id, target_.durable());
    if (target_.home().find(store::kPointerText)) set_release_time(target_.home(), store::kPointerText);
  }

  bool stays(const tree::StoreId& id, const Bundled& result) const {
    return !options_.delete_others || find_tree(result.trees, id) != nullptr;
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
  const target::Facts& facts_;
  std::optional<std::int64_t> time_;  // of the newest release; files beside the trees have it
};

std::vector<Tree> choose(const Session& session, const BundleOptions& options) {
  auto trees = store::choose_trees(session.store, options.selectors, session.reporter);
  if (!options.profile.empty() && !trees.empty()) {
    std::vector<std::string> profiles;
    for (const auto& tree : trees) profiles.push_back(tree.manifest.profile);
    std::erase_if(trees, [&](const Tree& tree) { return tree.manifest.profile != options.profile; });
    if (trees.empty()) throw no_tree_of_profile(session.store, options.profile, std::move(profiles));
  }
  const auto is_named = [&](const Tree& tree) {
    return std::any_of(options.selectors.begin(), options.selectors.end(), [&](const std::string& text) {
      return store::is_tree_name(text) && tree.id.text().starts_with(text);
    });
  };
  std::erase_if(trees,
                [&, all = trees](const Tree& tree) {  // of several for the same work the one that does it all
                  return !is_named(tree) && std::any_of(all.begin(), all.end(), [&](const Tree& other) {
                    return store::supersedes(other, tree);
                  });
                });
  if (!trees.empty()) return trees;
  throw Error(ErrorKind::failed,
              fmt::format("there is no tree to bundle in {}", printable(session.store.path())))
      .with_hint(fmt::format("lay releases out first: {}", session.store.command("trim")));
}

// Under the store's lock: all of them are there, and stay.
std::vector<store::Lease> lease_all(const Session& session, const std::vector<Tree>& trees) {
  std::vector<store::Lease> leases;
  for (const auto& tree : trees) {
    if (auto lease = session.store.lease(tree.id, session.lock_patience, session.stop))
      leases.push_back(std::move(*lease));
  }
  return leases;
}

}  // namespace

Bundled bundle(const Session& session, const BundleOptions& options) {
  check_target(session.store, options.target);
  std::optional lock(session.store.lock(session.lock_patience, session.stop));
  auto trees = choose(session, options);
  const auto leases = lease_all(session, trees);
  // What is made in the store's staging is safe from others only under the lock.
  if (options.modules.empty() && options.warm.empty()) lock.reset();
  offline::check_projects(options.modules);
  offline::check_warm({options.warm, options.warm_flags}, session.store, trees);
  const auto durability = session.store.durable() ? store::Durability::full : store::Durability::fast;
  std::optional<store::Lock> target_lock;
  if (store::Store::is_at(options.target)) {
    target_lock = store::Store::ensure(options.target, durability).lock(session.lock_patience, session.stop);
  }
  require_free_names(options.target, target_lock.has_value());
  const auto facts = target::probe(options.target);
  tell_target(session, options.target, facts);
  target::require_fit(options.target, facts, trees);
  if (!target_lock) {  // nothing is written there before it is known to suffice
    std::vector<TreeTask> tasks;
    for (const auto& tree : trees) tasks.push_back(whole_task(tree));
    require_room(session, options, tasks, {}, facts.space);
  }
  warn_of_long_paths(session, options.target, facts, trees);
  const auto target =
      store::Store::ensure(options.target, durability).with_names(store::CommandNames(options.target));
  if (!target_lock) target_lock = target.lock(session.lock_patience, session.stop);
  return Bundler(session, options, target, facts).run(std::move(trees));
}

}  // namespace gopack::workflow
