#include <algorithm>

#include "contents.hpp"
#include "gopack/bundle/bundle_target.hpp"
#include "gopack/bundle/checksums.hpp"
#include "gopack/store/trees.hpp"
#include "transfer.hpp"

namespace gopack::bundle {

using store::Tree;

namespace {

class ListTarget final : public BundleTarget {
 public:
  ListTarget(const store::Store& store, const BundleParts& parts, std::optional<std::int64_t> time)
      : store_(store), trees_(parts.trees), files_(parts.files), chosen_time_(time) {
    for (const auto& tree : trees_) time_ = std::max(time_, time_of(tree));
  }

  Counts put_tree(const Tree& tree) override;
  Counts put_file(const BundleFile& file) override;
  Counts put_checksums() override;
  bool set_current(const tree::StoreId& id) override;

  tree::FileList take() && { return std::move(list_); }

 private:
  std::int64_t time_of(const Tree& tree) const {
    return chosen_time_ ? *chosen_time_ : release_time(store_, tree.id).value_or(0);
  }

  const store::Store& store_;
  const std::vector<Tree>& trees_;
  const std::vector<BundleFile>& files_;
  std::optional<std::int64_t> chosen_time_;
  std::int64_t time_ = 0;  // of the files beside trees
  tree::FileList list_;
};

Counts ListTarget::put_tree(const Tree& tree) {
  const auto time = time_of(tree);
  const auto trees = store_.trees();
  const auto& id = tree.id.text();
  list_.add_below(trees.open(tree.id), id, tree.manifest.files, time);
  list_.add_text(tree::RelPath(id + ".json"), tree.manifest.to_json(), time);
  if (auto proof = trees.find_proof(tree.id))
    list_.add_text(tree::RelPath(id + ".proof.json"), std::move(*proof), time);
  return {.copied = tree.manifest.files.size(), .bytes = tree.manifest.bytes()};
}

Counts ListTarget::put_file(const BundleFile& file) {
  list_.add_text(file.path, file.text, time_);
  return {.copied = 1, .bytes = file.text.size()};
}

Counts ListTarget::put_checksums() {
  std::vector<BundleTree> lines;
  for (const auto& tree : trees_)
    lines.push_back({tree.id, digest::hash(tree.manifest.to_json()), tree.manifest.files});
  put_file(contents_file(trees_));
  Sums programs;
  for (const auto& file : list_.files()) {
    if (is_program_name(file.path.text())) programs.emplace(file.path.text(), file.sha256);
  }
  return put_file({.path = tree::RelPath(kChecksums), .text = checksum_file(files_, programs, lines)});
}

bool ListTarget::set_current(const tree::StoreId& id) {
  for (auto& [path, text] : store::first_pointer(id))
    list_.add_text(tree::RelPath(path), std::move(text), time_);
  return true;
}

}  // namespace

tree::FileList list_bundle(const store::Store& store, const BundleParts& parts,
                           std::optional<std::int64_t> time) {
  ListTarget target(store, parts, time);
  put_all(target, parts);
  return std::move(target).take();
}

}  // namespace gopack::bundle
