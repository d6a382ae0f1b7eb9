#include "gopack/workflow/bundle.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "gopack/base/error.hpp"
#include "gopack/bundle/files.hpp"
#include "gopack/store/mender.hpp"
#include "gopack/store/verify.hpp"
#include "gopack/tree/dir_chain.hpp"
#include "modules.hpp"
#include "warm.hpp"

namespace gopack::workflow {

namespace {

File open_file(tree::DirChain& directories, const tree::RelPath& path) {
  return directories.open(path.parent()).open_file(std::string(path.name()));
}

constexpr std::uint64_t kLargestFile = 64 << 20;  // bytes, of those beside the trees

class Bundler {
 public:
  Bundler(const Session& session, const BundleOptions& options, const store::Store& target)
      : session_(session), options_(options), target_(target) {}

  Bundled run(std::vector<Tree> trees) {
    Bundled result{.trees = std::move(trees), .current = tree::StoreId("v_0000000000000000"), .warmed = {}};
    require_space(result.trees);
    for (const auto& tree : result.trees) {
      put_tree(tree, result);
      const auto proof = session_.store.find_proof(tree.id);
      if (proof && proof != target_.find_proof(tree.id)) target_.put_proof(tree.id, *proof);
    }
    put_files(files(), result);
    result.current = choose_current(result.trees);
    const auto leaving = claim_others(result);
    put_checksums(result);
    bring_modules(session_, target_, current_tree(result), options_.modules);
    result.warmed = warm(session_, target_, result.trees, {options_.warm, options_.warm_flags});
    if (target_.durable()) target_.home().sync_filesystem();
    // What can fail has not: until here the bundle starts what it started before.
    target_.pointer().switch_to(result.current, target_.durable());
    for (const auto& [id, claim] : leaving) {
      result.removed += target_.manifest(id).files.size();
      target_.remove(id, claim);
    }
    return result;
  }

 private:
  static const Tree* find_tree(const std::vector<Tree>& trees, const tree::StoreId& id) {
    const auto found =
        std::find_if(trees.begin(), trees.end(), [&](const Tree& tree) { return tree.id == id; });
    return found == trees.end() ? nullptr : &*found;
  }

  // Files occupy whole blocks: on a stick with large ones that is far more than their bytes.
  void require_space(const std::vector<Tree>& trees) const {
    const auto space = target_.home().space();
    std::uint64_t needed = 0;
    for (const auto& tree : trees) {
      if (target_.has(tree.id)) continue;
      for (const auto& file : tree.manifest.files)
        needed += (file.size + space.block_size - 1) / space.block_size * space.block_size;
    }
    if (needed <= space.available) return;
    throw Error(
        ErrorKind::noroom,
        fmt::format("cannot bundle into {}: {} MB are needed there (blocks of {} bytes), {} MB are free",
                    printable(target_.path()), needed / 1'000'000, space.block_size,
                    space.available / 1'000'000))
        .with_hint("free some space there, choose fewer releases, or a smaller profile");
  }

  void put_tree(const Tree& tree, Bundled& result) {
    if (!target_.has(tree.id)) return copy_tree(tree, result);
    const auto problems = store::verify_tree(target_.open_tree(tree.id), tree.manifest.files,
                                             store::Depth::names, session_.jobs, session_.stop);
    tree::DirChain source(session_.store.open_tree(tree.id));
    store::Mender mender(target_, tree.id);
    result.unchanged += tree.manifest.files.size();
    for (const auto& problem : problems) {
      if (problem.kind == store::Problem::Kind::foreign) {
        mender.remove_foreign(problem.path);
        ++result.removed;
        continue;
      }
      const auto& file = *tree.manifest.find(problem.path);
      auto content = open_file(source, file.path);
      FileSource bytes(content);
      mender.restore(file, bytes);
      count_copied(file.size, result);
      --result.unchanged;
    }
  }

  void copy_tree(const Tree& tree, Bundled& result) {
    auto staging = target_.stage();
    tree::DirChain source(session_.store.open_tree(tree.id));
    const auto total = tree.manifest.bytes();
    std::uint64_t done = 0;
    for (const auto& file : tree.manifest.files) {
      throw_if_stopped(session_.stop);
      auto content = open_file(source, file.path);
      FileSource bytes(content);
      staging.writer().add({file.path, file.executable, file.size}, bytes);
      count_copied(file.size, result);
      session_.reporter.progress(tree.manifest.release, done += file.size, total);
    }
    if (staging.writer().files() != tree.manifest.files) {
      throw Error(ErrorKind::integrity,
                  fmt::format("cannot bundle {}: it is damaged in the store", tree.id.text()))
          .with_hint("run `gopack repair`");
    }
    auto manifest = tree.manifest;
    std::move(staging).commit(manifest);
  }

  static void count_copied(std::uint64_t bytes, Bundled& result) {
    ++result.copied;
    result.bytes += bytes;
  }

  // A go.env that is there keeps all that is not preset.
  std::vector<bundle::BundleFile> files() const {
    auto files = bundle::bundle_files();
    if (options_.go_env.empty()) return files;
    const auto go_env = std::find_if(files.begin(), files.end(), [](const bundle::BundleFile& file) {
      return file.path.text() == bundle::kGoEnv;
    });
    tree::DirChain directories(target_.home().open_dir("."), tree::DirChain::Missing::create);
    const auto there = directories.open(go_env->path.parent()).find_text("go.env", kLargestFile);
    go_env->text = bundle::with_settings(there.value_or(go_env->text), options_.go_env);
    go_env->is_setting = false;
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
      if (find_tree(result.trees, id) == nullptr && stays(id, result))
        others.push_back({id, target_.manifest(id)});
    }
    std::vector<bundle::BundleTree> listed;
    for (const auto* trees : {&result.trees, &others}) {
      for (const auto& tree : *trees)
        listed.push_back({tree.id, target_.manifest_digest(tree.id), tree.manifest.files});
    }
    put_file(
        target_.home(), "SHA256SUMS",
        {.path = tree::RelPath("SHA256SUMS"), .text = bundle::checksum_file(bundle::bundle_files(), listed)},
        result);
  }

  tree::StoreId choose_current(const std::vector<Tree>& trees) const {
    auto wanted = session_.store.pointer().current();
    if (!wanted || find_tree(trees, *wanted) == nullptr) wanted = target_.pointer().current();
    if (!wanted || !target_.has(*wanted)) wanted = trees.back().id;
    return *wanted;
  }

  bool stays(const tree::StoreId& id, const Bundled& result) const {
    return !options_.delete_others || id == result.current || find_tree(result.trees, id) != nullptr;
  }

  Tree current_tree(const Bundled& result) const {
    return {result.current, target_.manifest(result.current)};
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
};

std::vector<Tree> choose(const Session& session, const BundleOptions& options) {
  auto trees = choose_trees(session.store, options.selectors);
  if (!options.profile.empty()) {
    std::erase_if(trees, [&](const Tree& tree) { return tree.manifest.profile != options.profile; });
  }
  if (!trees.empty()) return trees;
  throw Error(ErrorKind::failed,
              fmt::format("there is no tree to bundle in {}", printable(session.store.path())))
      .with_hint("lay releases out first: `gopack trim --profile minimal`");
}

}  // namespace

Bundled bundle(const Session& session, const BundleOptions& options) {
  const auto lock = session.store.lock(session.lock_patience);
  auto trees = choose(session, options);
  check_projects(options.modules);
  check_warm({options.warm, options.warm_flags}, trees);
  const auto durability = session.store.durable() ? store::Durability::full : store::Durability::fast;
  const auto target = store::Store::ensure(options.target, durability);
  const auto target_lock = target.lock(session.lock_patience);
  return Bundler(session, options, target).run(std::move(trees));
}

}  // namespace gopack::workflow
