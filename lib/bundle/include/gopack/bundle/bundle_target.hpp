// Where a bundle goes. A BundleTarget takes trees, then the files beside them, then checksums, then what is
// current. A directory (DirectoryTarget) is one: what it had before stays usable until set_current(). The
// other one is a list (list_bundle), for what is written in one go, such as an image. Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "gopack/bundle/files.hpp"
#include "gopack/bundle/go_env.hpp"
#include "gopack/bundle/tree_transfer.hpp"
#include "gopack/target/space_estimate.hpp"
#include "gopack/tree/file_list.hpp"

namespace gopack::bundle {

class BundleTarget {
 public:
  virtual ~BundleTarget() = default;
  // The target has the tree when this returns, proved equal to its manifest. Throws Error.
  virtual Counts put_tree(const store::Tree& tree) = 0;
  // A setting that exists stays as it is. Throws Error.
  virtual Counts put_file(const BundleFile& file) = 0;
  // SHA256SUMS of what is in the target, and CONTENTS.txt. Throws Error.
  virtual Counts put_checksums() = 0;
  // Returns whether another tree was current before. Throws Error.
  virtual bool set_current(const tree::StoreId& id) = 0;
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
  // Of other trees than those of the constructor only where they stay.
  Counts put_checksums() override;
  bool set_current(const tree::StoreId& id) override;
  // Whether everything is on stable storage: the medium may be taken away.
  bool finish();

 private:
  void discard_begun() const;
  Counts put_text(const Dir& dir, const BundleFile& file, bool flush) const;
  void set_release_time(const Dir& dir, const std::string& name) const;
  Sums programs_there() const;

  Context context_;
  std::vector<store::Tree> trees_;
  std::vector<TreeTransfer> transfers_;  // of trees_
  std::optional<std::int64_t> time_;     // of the newest release; files beside the trees have it
  Sums programs_;                        // that were put
};

// What a bundle is made of, in the order in which a target takes it.
struct BundleParts {
  const std::vector<store::Tree>& trees;
  const std::vector<BundleFile>& files;
  const std::vector<BundleFile>& programs;  // gopack itself, for other systems
  std::function<void()> bring;              // brings what else lies beside them: modules, caches
  const tree::StoreId& current;
};
struct Put {
  Counts counts;
  bool switched = false;  // as set_current() says
};
Put put_all(BundleTarget& target, const BundleParts& parts);
// The same as the list of its files, none of which is copied or read. `store` has the trees. All files have
// the time of their release, those beside trees that of the newest one; or `time`, in seconds since 1970.
// Throws Error.
tree::FileList list_bundle(const store::Store& store, const BundleParts& parts,
                           std::optional<std::int64_t> time);

// Settings for a target and the launchers that `trees` need or that it has already; its own go.env, mended
// where Go would misread it, with `settings`.
std::vector<BundleFile> files_for(const store::Store& target, const std::vector<store::Tree>& trees,
                                  const std::vector<GoSetting>& settings, Reporter& reporter);
// The same for a new one.
std::vector<BundleFile> new_files(const std::vector<store::Tree>& trees,
                                  const std::vector<GoSetting>& settings);
const BundleFile& go_env_of(const std::vector<BundleFile>& files);

}  // namespace gopack::bundle
