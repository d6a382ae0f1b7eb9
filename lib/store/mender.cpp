#include "gopack/store/mender.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <string_view>
#include <utility>

#include "gopack/base/error.hpp"
#include "gopack/base/filesystem.hpp"
#include "gopack/tree/dir_chain.hpp"

namespace gopack::store {

namespace {

constexpr std::uint32_t kReadOnly = 0555;
constexpr std::uint32_t kWritable = 0755;
constexpr std::uint64_t kAside = 64'000'000;  // bytes; so much room is needed besides the tree's own

// Opens what lies between the tree's root and the file, making directories that are missing or no
// directories.
std::vector<Dir> open_chain(const Dir& root, std::string_view parent) {
  std::vector<Dir> chain;
  chain.push_back(root.open_dir("."));
  while (!parent.empty()) {
    const auto slash = parent.find('/');
    const std::string name(parent.substr(0, slash));
    const auto found = chain.back().find(name);
    if (!found || found->type != FileType::directory) {
      chain.back().set_mode(kWritable);
      chain.back().remove_file(name);
      chain.back().make_dir(name, kReadOnly);
      chain.back().set_mode(kReadOnly);
    }
    chain.push_back(chain.back().open_dir(name));
    parent = slash == std::string_view::npos ? std::string_view() : parent.substr(slash + 1);
  }
  return chain;
}

// Of a tree for several platforms: a script that comes from gopack and not from an archive, whose files are
// what they were.
bool is_command(std::string_view path) {
  return path == "bin/go" || path == "bin/gofmt";
}

}  // namespace

template <typename Change>
void Mender::in_parent(std::string_view path, Change change) {
  const auto slash = path.rfind('/');
  const auto chain = open_chain(tree_, path.substr(0, slash == std::string_view::npos ? 0 : slash));
  const auto& parent = chain.back();
  parent.set_mode(kWritable);
  try {
    change(parent, std::string(path.substr(slash == std::string_view::npos ? 0 : slash + 1)));
  } catch (...) {
    parent.set_mode(kReadOnly);
    throw;
  }
  parent.set_mode(kReadOnly);
}

void Mender::restore(const tree::ManifestFile& file, ByteSource& content) {
  if (!batch_) batch_.emplace(Batch{store_.stage(), {}});
  batch_->staging.writer().add({file.path, file.executable, file.size}, content);
  batch_->files.push_back(file);
  batch_->bytes += file.size;
  if (batch_->bytes >= kAside) replace();
}

std::vector<tree::ManifestFile> Mender::take(const std::vector<tree::ManifestFile>& files,
                                             const ShareSource& source, const Run& run) {
  Batch batch{store_.stage(), {}};
  auto rest = share_files(files, source, batch.staging.writer(), run);
  const auto by_path = [](const auto& a, const auto& b) { return a.path < b.path; };
  std::set_difference(files.begin(), files.end(), rest.begin(), rest.end(), std::back_inserter(batch.files),
                      by_path);
  replace();
  if (!batch.files.empty()) batch_.emplace(std::move(batch));
  return rest;
}

void Mender::replace() {
  if (!batch_) return;
  auto batch = std::move(*batch_);
  batch_.reset();
  std::sort(batch.files.begin(), batch.files.end(),
            [](const auto& a, const auto& b) { return a.path < b.path; });
  const auto written = batch.staging.writer().files();
  const auto& aside = batch.staging.directory();
  if (store_.durable()) sync_filesystem(aside);
  tree::DirChain fresh(aside.open_dir("tree"));
  for (std::size_t i = 0; i < batch.files.size(); ++i) {
    const auto& file = batch.files[i];
    if (file != written.at(i)) {
      wrong_.push_back(file.path.text());
      continue;
    }
    in_parent(file.path.text(), [&](const Dir& parent, const std::string& name) {
      const auto old = parent.find(name);
      if (old && old->type == FileType::directory) remove_tree(parent, name);
      fresh.open(file.path.parent()).rename(name, parent, name);
    });
  }
}

void Mender::commit() {
  replace();
  tree_.set_mode(kReadOnly);  // which it was not while it was new
  if (store_.durable()) sync_filesystem(tree_);
  if (wrong_.empty()) return;
  const bool are_scripts = std::all_of(wrong_.begin(), wrong_.end(), is_command);
  const auto names = printable(fmt::format("{}", fmt::join(wrong_, ", ")));
  throw Error(ErrorKind::integrity,
              are_scripts ? fmt::format("cannot restore {}: another version of gopack has made the scripts "
                                        "of this tree",
                                        names)
                          : fmt::format("cannot restore {}: {} not what the manifest says", names,
                                        wrong_.size() == 1 ? "its content is" : "their contents are"))
      .with_hint(fmt::format("lay the tree out anew with {}{}", store_.anew(),
                             are_scripts ? ", which gives it another name, and remove this one" : ""));
}

void Mender::remove_foreign(std::string_view path) {
  in_parent(path, [](const Dir& parent, const std::string& name) { remove_tree(parent, name); });
}

void seal_tree(const Dir& tree, const std::vector<tree::ManifestFile>& files) {
  constexpr std::uint32_t kWriteBits = 0222;
  tree::DirChain directories(tree.open_dir("."));
  std::set<std::string_view> sealed;
  for (const auto& file : files) {
    for (auto parent = file.path.parent(); !parent.empty(); parent = tree::parent_of(parent)) {
      if (!sealed.insert(parent).second) break;
      const auto* dir = directories.find(parent);
      const auto status = dir ? dir->find(".") : std::nullopt;
      if (status && (status->mode & kWriteBits) != 0) dir->set_mode(kReadOnly);
    }
  }
}

}  // namespace gopack::store
