#include "gopack/workflow/bundle.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gopack/base/error.hpp"
#include "gopack/bundle/files.hpp"
#include "gopack/store/mender.hpp"
#include "gopack/store/verify.hpp"

namespace gopack::workflow {

namespace {

// Opens files of a source tree by path, one directory at a time.
class TreeReader {
 public:
  explicit TreeReader(const Dir& root) : root_(root) {}

  File open(const tree::RelPath& path) const {
    auto components = path.components();
    const auto name = std::move(components.back());
    components.pop_back();
    auto dir = root_.open_dir(".");
    for (const auto& component : components) dir = dir.open_dir(component);
    return dir.open_file(name);
  }

 private:
  const Dir& root_;
};

class Bundler {
 public:
  Bundler(const Session& session, const BundleOptions& options, const store::Store& target)
      : session_(session), options_(options), target_(target) {}

  Bundled run(std::vector<Tree> trees) {
    Bundled result{.trees = std::move(trees), .current = tree::StoreId("v_0000000000000000")};
    require_space(result.trees);
    for (const auto& tree : result.trees) put_tree(tree, result);
    put_files(bundle::bundle_files(), result);
    result.current = point(result.trees);
    if (options_.delete_others) delete_others(result);
    put_checksums(result);
    if (target_.durable()) target_.home().sync_filesystem();
    return result;
  }

 private:
  bool has(const tree::StoreId& id) const {
    const auto ids = target_.ids();
    return std::find(ids.begin(), ids.end(), id) != ids.end();
  }

  // Files occupy whole blocks: on a stick with large ones that is far more than their bytes.
  void require_space(const std::vector<Tree>& trees) const {
    const auto space = target_.home().space();
    std::uint64_t needed = 0;
    for (const auto& tree : trees) {
      if (has(tree.id)) continue;
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
    if (!has(tree.id)) return copy_tree(tree, result);
    const auto problems = store::verify_tree(target_.open_tree(tree.id), tree.manifest.files,
                                             store::Depth::names, session_.jobs, session_.stop);
    const auto source_dir = session_.store.open_tree(tree.id);
    const TreeReader source(source_dir);
    store::Mender mender(target_, tree.id);
    result.unchanged += tree.manifest.files.size();
    for (const auto& problem : problems) {
      if (problem.kind == store::Problem::Kind::foreign) {
        mender.remove_foreign(problem.path);
        ++result.removed;
        continue;
      }
      const auto& file = *tree.manifest.find(problem.path);
      auto content = source.open(file.path);
      FileSource bytes(content);
      mender.restore(file, bytes);
      count_copied(file.size, result);
      --result.unchanged;
    }
  }

  void copy_tree(const Tree& tree, Bundled& result) {
    auto staging = target_.stage();
    const auto source_dir = session_.store.open_tree(tree.id);
    const TreeReader source(source_dir);
    const auto total = tree.manifest.bytes();
    std::uint64_t done = 0;
    for (const auto& file : tree.manifest.files) {
      throw_if_stopped(session_.stop);
      auto content = source.open(file.path);
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

  void put_file(const Dir& dir, const std::string& name, const bundle::BundleFile& file,
                Bundled& result) const {
    constexpr std::uint64_t kLargest = 64 << 20;
    const auto old = dir.find_text(name, kLargest);
    if (old && (file.is_setting || *old == file.text)) {
      ++result.unchanged;
      return;
    }
    dir.replace_text(name, file.text, false, file.executable ? 0755 : 0644);
    count_copied(file.text.size(), result);
  }

  void put_files(const std::vector<bundle::BundleFile>& files, Bundled& result) const {
    for (const auto& file : files) {
      auto components = file.path.components();
      const auto name = std::move(components.back());
      components.pop_back();
      auto dir = target_.home().open_dir(".");
      for (const auto& component : components) dir = dir.ensure_dir(component);
      put_file(dir, name, file, result);
    }
  }

  void put_checksums(Bundled& result) const {
    std::vector<bundle::BundleTree> trees;
    for (auto& tree : load_trees(target_)) trees.push_back({tree.id, std::move(tree.manifest)});
    put_file(
        target_.home(), "SHA256SUMS",
        {.path = tree::RelPath("SHA256SUMS"), .text = bundle::checksum_file(bundle::bundle_files(), trees)},
        result);
  }

  tree::StoreId point(const std::vector<Tree>& trees) const {
    const auto is_chosen = [&](const auto& id) {
      return id && std::any_of(trees.begin(), trees.end(), [&](const Tree& tree) { return tree.id == *id; });
    };
    const auto pointer = target_.pointer();
    auto wanted = session_.store.pointer().current();
    if (!is_chosen(wanted)) wanted = pointer.current();
    if (!wanted || !has(*wanted)) wanted = trees.back().id;
    pointer.switch_to(*wanted, target_.durable());
    return *wanted;
  }

  void delete_others(Bundled& result) const {
    for (const auto& id : target_.ids()) {
      const bool chosen = std::any_of(result.trees.begin(), result.trees.end(),
                                      [&](const Tree& tree) { return tree.id == id; });
      if (chosen || id == result.current) continue;
      result.removed += target_.manifest(id).files.size();
      target_.remove(id);
    }
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
  const auto durability = session.store.durable() ? store::Durability::full : store::Durability::fast;
  const auto target = store::Store::ensure(options.target, durability);
  const auto target_lock = target.lock(session.lock_patience);
  return Bundler(session, options, target).run(std::move(trees));
}

}  // namespace gopack::workflow
