// verify and repair: what is on disk, or in an image, against what the manifests say.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gopack/base/error.hpp"
#include "gopack/store/catalog.hpp"
#include "gopack/store/verify.hpp"
#include "gopack/workflow/session.hpp"

namespace gopack::workflow {

// What was verified: a tree, an archive, an image's filesystem, what SHA256SUMS of a bundle lists beside the
// trees, or (only where what it names is missing) current.
struct Verified {
  std::string name;  // "v_…", the archive's file name, "exfat filesystem", "SHA256SUMS", or "current"
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
  std::vector<store::Problem> problems;
  std::string proof;         // "36 of 36 checks proved on linux/amd64"; empty: nothing is known
  std::optional<Tree> tree;  // if it is one whose manifest can be read; without its files
};

// Whether verify() takes `what` for an archive, and not for a tree.
bool is_archive_name(std::string_view what);

// Every tree and every archive of the store (no argument), one tree (a selector or v_ name), or one archive
// of downloads/ (its file name). Takes no lock and changes nothing.
// Depth::names reads no contents of trees and archives: it finds what is missing, foreign or of another size
// or mode.
std::vector<Verified> verify(const Session& session, const std::string& what,
                             store::Depth depth = store::Depth::contents);

// Whether a file or device may be an image, as far as its start or its name tells. Throws Error (failed).
bool is_image(const std::filesystem::path& path);

// The filesystem that an image or device has, which comes first, and the bundle in it, as verify() does a
// whole one: no mount, no lock. Contents are read in the order in which they lie there. Throws Error: failed
// where it cannot be read, usage where it has several partitions or is larger than image::Reader goes,
// interrupted.
std::vector<Verified> verify_image(const std::filesystem::path& path, store::Depth depth, const Run& run);

struct Repaired {
  std::string name;          // as in Verified
  std::optional<Tree> tree;  // if it is one
  std::size_t restored = 0;  // files written anew
  std::size_t removed = 0;   // foreign files taken away
};

struct RepairResult {
  std::vector<Repaired> repaired;
  // Names all that could not be restored, such as a tree whose manifest is damaged; everything else has been.
  std::optional<Error> failure;
};

struct RepairOptions {
  std::vector<std::string> sources;         // tried in order, for archives that are not at hand
  std::optional<store::Downloads> at_hand;  // of another store on this machine; only read
};

// Restores every damaged or lost tree of the store, the launchers of a bundle, and the archives that are
// recorded. An archive comes from the store's own downloads/, else from those that are at hand, else from the
// sources; whatever it comes from, its bytes are proved by the manifest's digest. Takes the store's lock.
// Throws Error when the lock cannot be had, or when the user stops it.
RepairResult repair(const Session& session, const RepairOptions& options);

}  // namespace gopack::workflow
