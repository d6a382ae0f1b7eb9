// What the lock file of a project means for one fetch. Private to acquire.
#pragma once

#include <optional>
#include <vector>

#include "gopack/acquire/acquire.hpp"
#include "gopack/acquire/context.hpp"
#include "gopack/release/lock_file.hpp"
#include "gopack/release/releases.hpp"
#include "gopack/release/selector.hpp"
#include "gopack/source/source.hpp"
#include "gopack/store/catalog.hpp"
#include "release_choice.hpp"

namespace gopack::acquire {

// Of a fetch without a lock file, or of one that updates it, it demands nothing and proves nothing. Any
// number of threads may ask it.
class ProjectLock {
 public:
  // Reads the lock file. Both arguments outlive this object. Throws Error (usage).
  ProjectLock(const Context& context, const Request& request);

  // What archives are proved by; nullptr: nothing.
  const release::LockFile* proof() const { return proof_ ? &*proof_ : nullptr; }
  // Whether what it does not name is refused.
  bool is_required() const { return required() != nullptr; }
  bool admits(const store::Archive& archive) const;

  // Those of `choice` or, where the lock file is required, selectors that name exactly the releases that
  // `choice` means among what it names. Throws Error (integrity) when it names none such.
  std::vector<release::Selector> pinned(const ReleaseChoice& choice) const;

  // An archive that is there, to be proved by it if it names that. Nothing, after a warning, when another one
  // is to be fetched in its place.
  std::optional<source::Offer> offer_of(const store::Archive& archive) const;

  // Names in the lock file what it does not name yet or, where it is to be updated, names otherwise. Throws
  // Error.
  void record(const std::vector<Fetched>& fetched) const;

 private:
  const release::LockFile* required() const;
  release::LockedArchive to_locked(const store::Archive& archive) const;

  const Context& context_;
  const Request& request_;
  std::optional<release::LockFile> proof_;
};

}  // namespace gopack::acquire
