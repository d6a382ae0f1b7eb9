#include <fmt/format.h>

#include <algorithm>

#include "contents.hpp"
#include "gopack/base/error.hpp"
#include "gopack/base/filesystem.hpp"
#include "gopack/base/replace.hpp"
#include "gopack/bundle/bundle_target.hpp"
#include "gopack/bundle/checksums.hpp"
#include "gopack/bundle/place.hpp"
#include "gopack/digest/checksum_file.hpp"
#include "gopack/store/removal.hpp"
#include "gopack/store/trees.hpp"
#include "gopack/tree/dir_chain.hpp"
#include "mended_go_env.hpp"
#include "transfer.hpp"

namespace gopack::bundle {

using store::Tree;

namespace {

bool is_settings_file(const BundleFile& file) {
  return file.path.text() == kGoEnv;
}

// Without launchers that have nothing to start, unless `is_kept`.
template <typename IsKept>
std::vector<BundleFile> files_that_serve(const std::vector<Tree>& trees, IsKept is_kept) {
  std::vector<std::string> platforms;
  for (const auto& tree : trees)
    platforms.insert(platforms.end(), tree.manifest.platforms.begin(), tree.manifest.platforms.end());
  auto files = bundle_files();
  std::erase_if(files, [&](const BundleFile& file) {
    return !is_of_use(file.path.text(), platforms) && !is_kept(file);
  });
  return files;
}

void set_go_settings(BundleFile& go_env, const std::vector<GoSetting>& settings) {
  if (settings.empty()) return;
  go_env.text = with_settings(go_env.text, settings);
  go_env.is_setting = false;
}

}  // namespace

DirectoryTarget::DirectoryTarget(const Context& context, std::vector<Tree> trees)
    : context_(context), trees_(std::move(trees)) {
  std::vector<tree::StoreId> ids;
  for (const auto& tree : trees_) {
    ids.push_back(tree.id);
    transfers_.push_back(plan_transfer(context_, tree));
    time_ = std::max(time_, release_time(context_.store, tree.id));
  }
  context_.target.removal().remove_leftovers(ids, context_.run.stop);
}

void DirectoryTarget::add_to(target::SpaceEstimate& estimate) const {
  for (const auto& transfer : transfers_) bundle::add_to(estimate, transfer);
}

void DirectoryTarget::announce() const {
  for (const auto& transfer : transfers_) bundle::announce(context_.run.reporter, transfer);
}

Counts DirectoryTarget::put_tree(const Tree& tree) {
  const auto& transfer = *std::find_if(transfers_.begin(), transfers_.end(),
                                       [&](const TreeTransfer& each) { return each.tree.id == tree.id; });
  try {
    const auto counts = carry_out(context_, transfer);
    const auto proof = context_.store.trees().find_proof(tree.id);
    if (proof && proof != context_.target.trees().find_proof(tree.id))
      context_.target.trees().put_proof(tree.id, *proof);
    return counts;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::interrupted) discard_begun();
    throw;
  }
}

// Where the medium has gone away, what was begun stays for the next run.
void DirectoryTarget::discard_begun() const {
  try {
    context_.target.removal().remove_leftovers();
  } catch (const Error& error) {
    context_.run.reporter.detail(error.text());
  }
}

// Those that were put earlier are what they were then, whatever has become of them.
Sums DirectoryTarget::programs_there() const {
  const auto& home = context_.target.home();
  Sums sums;
  if (const auto old = find_text(home, kChecksums, kLargestFile)) sums = digest::parse_checksum_list(*old);
  std::erase_if(sums,
                [&](const auto& line) { return !is_program_name(line.first) || !home.find(line.first); });
  for (const auto& [name, sha256] : programs_) sums.insert_or_assign(name, sha256);
  return sums;
}

Counts DirectoryTarget::put_file(const BundleFile& file) {
  if (is_program_name(file.path.text()))
    programs_.insert_or_assign(file.path.text(), digest::hash(file.text));
  tree::DirChain directories(context_.target.home().open_dir("."), tree::DirChain::Missing::create);
  const auto& dir = directories.open(file.path.parent());
  const auto old = find_text(dir, std::string(file.path.name()), kLargestFile);
  if (old && (file.is_setting || *old == file.text)) return {.unchanged = 1};
  // New files are flushed with everything else at the end. A power cut before must neither empty what was
  // there, nor leave an empty setting, which nobody would write again.
  return put_text(dir, file, (old || file.is_setting) && context_.target.durable());
}

Counts DirectoryTarget::put_text(const Dir& dir, const BundleFile& file, bool flush) const {
  const std::string name(file.path.name());
  replace_text(dir, name, file.text, flush, file.executable ? 0755 : 0644);
  set_release_time(dir, name);
  return {.copied = 1, .bytes = file.text.size()};
}

// Two bundles of the same trees are alike.
void DirectoryTarget::set_release_time(const Dir& dir, const std::string& name) const {
  if (time_) set_time(dir, name, *time_);
}

// Trees of the same id have the same files: those of this run need not be read again. It is flushed before it
// is written: it lists only what is on the medium.
Counts DirectoryTarget::put_checksums() {
  const auto& target = context_.target;
  auto listed = trees_;
  for (const auto& id : target.trees().known()) {
    if (std::any_of(trees_.begin(), trees_.end(), [&](const Tree& tree) { return tree.id == id; })) continue;
    if (auto tree = store::load_tree(target, id, context_.run.reporter)) listed.push_back(std::move(*tree));
  }
  put_file(contents_file(listed));
  if (target.durable()) sync_filesystem(target.home());
  std::vector<BundleTree> lines;
  for (const auto& tree : listed)
    lines.push_back({tree.id, target.trees().manifest_digest(tree.id), tree.manifest.files});
  auto files = bundle_files();
  std::erase_if(files, [&](const BundleFile& file) {
    return !file.is_setting && !target.home().find(file.path.text());
  });
  const BundleFile file{.path = tree::RelPath(kChecksums),
                        .text = checksum_file(files, programs_there(), lines)};
  if (find_text(target.home(), kChecksums, kLargestFile) == file.text) return {.unchanged = 1};
  return put_text(target.home(), file, target.durable());
}

bool DirectoryTarget::set_current(const tree::StoreId& id) {
  const auto pointer = context_.target.pointer();
  const bool is_another = pointer.current() != id;
  pointer.switch_to(id, context_.target.durable());
  if (context_.target.home().find(store::kPointerText))
    set_release_time(context_.target.home(), store::kPointerText);
  return is_another;
}

// The switch has flushed itself; what is left of trees that went is not worth an error.
bool DirectoryTarget::finish() {
  if (!context_.target.durable()) return false;
  try {
    sync_filesystem(context_.target.home());
    return true;
  } catch (const Error& error) {
    context_.run.reporter.warning(error.text());
    return false;
  }
}

std::vector<BundleFile> files_for(const store::Store& target, const std::vector<Tree>& trees,
                                  const std::vector<GoSetting>& settings, Reporter& reporter) {
  auto files = files_that_serve(
      trees, [&](const BundleFile& file) { return target.home().find(file.path.text()).has_value(); });
  auto& go_env = *std::find_if(files.begin(), files.end(), is_settings_file);
  tree::DirChain directories(target.home().open_dir("."));
  const auto* dir = directories.find(go_env.path.parent());
  if (auto own = dir ? find_text(*dir, std::string(go_env.path.name()), kLargestFile) : std::nullopt) {
    const auto path = target.path() / go_env.path.text();
    auto mended = mended_go_env(*own, path);
    if (mended) {
      reporter.warning(
          fmt::format("{} has line ends that Go takes for parts of values: it is mended", printable(path)));
      go_env.is_setting = false;
    }
    go_env.text = std::move(mended ? *mended : *own);
  }
  set_go_settings(go_env, settings);
  return files;
}

std::vector<BundleFile> new_files(const std::vector<Tree>& trees, const std::vector<GoSetting>& settings) {
  auto files = files_that_serve(trees, [](const BundleFile&) { return false; });
  set_go_settings(*std::find_if(files.begin(), files.end(), is_settings_file), settings);
  return files;
}

const BundleFile& go_env_of(const std::vector<BundleFile>& files) {
  return *std::find_if(files.begin(), files.end(), is_settings_file);
}

}  // namespace gopack::bundle
