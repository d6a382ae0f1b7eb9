// Restoring trees and archives from archives: the store's own, another store's on this machine, or fetched
// again. Private to workflow.
#pragma once

#include <vector>

#include "gopack/store/verify.hpp"
#include "gopack/workflow/verify.hpp"
#include "losses.hpp"

namespace gopack::workflow {

// Restores what is wrong with a tree as far as its archives can be had.
Repaired repair_tree(const Session& session, const Tree& tree, const std::vector<store::Problem>& problems,
                     const RepairOptions& options, Losses& losses);

// Puts a recorded archive of the store right. Throws Error.
void restore_archive(const Session& session, const tree::Origin& origin, const RepairOptions& options);

// Where no archives were kept, as in a bundle, those that were fetched for the repair do not stay either.
class PassingArchives {
 public:
  explicit PassingArchives(const store::Store& store)
      : store_(store), stays_(store.has_downloads() && !store.downloads().list_records().empty()) {}
  PassingArchives(const PassingArchives&) = delete;
  PassingArchives& operator=(const PassingArchives&) = delete;
  ~PassingArchives() {
    try {
      if (!stays_ && store_.has_downloads()) clear(store_.downloads());
    } catch (...) {
      // It is as good there as any other.
    }
  }

 private:
  void clear(const store::Downloads& downloads) const {
    for (const auto& archive : downloads.list()) downloads.remove(archive.file);
    if (downloads.directory().names().empty()) remove_tree(store_.home(), "downloads");
  }

  const store::Store& store_;
  bool stays_;
};

}  // namespace gopack::workflow
