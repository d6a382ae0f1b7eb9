// Where a bundle goes. A BundleTarget takes trees, then the files beside them, then what is current; a
// directory (DirectoryTarget) is one. What it had before stays usable until set_current(). Not thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gopack/bundle/files.hpp"
#include "gopack/bundle/go_env.hpp"
#include "gopack/bundle/tree_transfer.hpp"
#include "gopack/target/space_estimate.hpp"

namespace gopack::bundle {

class BundleTarget {
 public:
  virtual ~BundleTarget() = default;
  // The target has the tree when this returns, proved equal to its manifest. Throws Error.
  virtual Counts put_tree(const store::Tree& tree) = 0;
  // A setting that exists stays as it is. Throws Error.
  virtual Counts put_file(const BundleFile& file) = 0;
  // Returns whether another tree was current before. Throws Error.
  virtual bool set_current(const tree::StoreId& id) = 0;
  // Whether everything is on stable storage: the medium may be taken away.
  virtual bool finish() = 0;
};

// A directory on a mounted filesystem.
class DirectoryTarget final : public BundleTarget {
 public:
  // Finds out what the target lacks of these trees, and takes away what an interrupted run left of others.
  // Throws Error.
  DirectoryTarget(const Context& context, std::vector<store::Tree> trees);
  DirectoryTarget(const DirectoryTarget&) = delete;
  DirectoryTarget& operator=(const DirectoryTarget&) = delete;

  void add_to(target::SpaceEstimate& estimate) const;
  // Tells of all that is to be copied, so that the sum is known.
  void announce() const;

  Counts put_tree(const store::Tree& tree) override;
  Counts put_file(const BundleFile& file) override;
  // SHA256SUMS of what is in the target, and CONTENTS.txt; of other trees than those of the constructor only
  // where they stay.
  Counts put_checksums();
  bool set_current(const tree::StoreId& id) override;
  bool finish() override;

 private:
  void discard_begun() const;
  Counts put_text(const Dir& dir, const BundleFile& file, bool flush) const;
  void set_release_time(const Dir& dir, const std::string& name) const;

  Context context_;
  std::vector<store::Tree> trees_;
  std::vector<TreeTransfer> transfers_;  // of trees_
  std::optional<std::int64_t> time_;     // of the newest release; files beside the trees have it
};

// Settings for a target and the launchers that `trees` need or that it has already; its own go.env, mended
// where Go would misread it, with `settings`.
std::vector<BundleFile> files_for(const store::Store& target, const std::vector<store::Tree>& trees,
                                  const std::vector<GoSetting>& settings, Reporter& reporter);
const BundleFile& go_env_of(const std::vector<BundleFile>& files);

}  // namespace gopack::bundle
