#include "gopack/flash/medium.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace gopack::flash {

namespace {

constexpr std::uint64_t kMiB = 1 << 20;
constexpr std::uint64_t kBlock = 4096;          // what flash memory and page caches work with, at least
constexpr std::uint64_t kLargeCluster = 32768;  // beyond, half of a tree's room is the ends of clusters

target::Check check_content(const Medium& medium) {
  target::Check check{.name = "content", .ok = true, .found = {}, .remedy = {}};
  if (!medium.unreadable.empty()) {
    check.found = medium.unreadable;
  } else if (medium.filesystem.empty()) {
    check.found = "no exFAT and no FAT32: gopack cannot tell what is there";
  } else {
    check.found = fmt::format("{} with {} files, {:.1f} MB", medium.filesystem, medium.files,
                              static_cast<double>(medium.bytes) / 1e6);
    if (!medium.trees.empty()) check.found += fmt::format(": {}", fmt::join(medium.trees, ", "));
  }
  check.found += "; writing an image there destroys it";
  return check;
}

target::Check check_clusters(const Medium& medium) {
  return {
      .name = "cluster size",
      .ok = medium.cluster_size <= kLargeCluster,
      .found = fmt::format("{} KiB", static_cast<double>(medium.cluster_size) / 1024),
      .remedy =
          "small files take a whole cluster each: `gopack image --cluster 4K` makes it a quarter of the size",
      .is_note = true};
}

target::Check check_alignment(const Medium& medium) {
  const bool is_aligned =
      (!medium.is_partition || medium.begin % kMiB == 0) && medium.first_cluster % kBlock == 0;
  return {
      .name = "alignment",
      .ok = is_aligned,
      .found = fmt::format("{} begins at byte {}, its first cluster at {}",
                           medium.is_partition ? "the partition" : "the volume", medium.begin,
                           medium.first_cluster),
      .remedy = "writing is slow where clusters lie across blocks of the medium: `gopack image` aligns both",
      .is_note = true};
}

target::Check check_structures(const Medium& medium) {
  if (medium.faults.empty()) return {.name = "structures", .ok = true, .found = "sound", .remedy = {}};
  return {.name = "structures",
          .ok = false,
          .found = fmt::format("{} {}, first {}", medium.faults.size(),
                               medium.faults.size() == 1 ? "fault" : "faults", medium.faults.front()),
          .remedy = "`gopack verify` names them; write the image again, or have the system repair it"};
}

}  // namespace

std::vector<target::Check> diagnose(const Medium& medium) {
  std::vector<target::Check> checks{check_content(medium)};
  if (medium.cluster_size == 0) return checks;
  checks.push_back(check_clusters(medium));
  checks.push_back(check_alignment(medium));
  checks.push_back(check_structures(medium));
  return checks;
}

}  // namespace gopack::flash
