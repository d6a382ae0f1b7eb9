#include <fmt/format.h>

#include "gopack/base/error.hpp"
#include "gopack/bundle/checksums.hpp"
#include "gopack/flash/disk.hpp"
#include "gopack/flash/medium.hpp"
#include "gopack/image/reader.hpp"
#include "gopack/store/verify.hpp"
#include "gopack/workflow/doctor.hpp"

namespace gopack::workflow {

namespace {

using target::Check;

constexpr std::uint64_t kLargestManifest = 32 << 20;  // bytes

void add_trees(const image::Reader& reader, flash::Medium& medium) {
  for (const auto& id : bundle::trees_of(reader)) {
    const auto text = reader.find_text(id.text() + ".json", kLargestManifest);
    try {
      const auto manifest = store::parse_manifest(text.value_or(""), id);
      medium.trees.push_back(fmt::format("{} {}", manifest.release, store::profile_of(manifest)));
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::integrity) throw;
      medium.trees.push_back(id.text() + " (damaged)");
    }
  }
}

flash::Medium read_medium(const std::filesystem::path& path, const std::stop_token& stop) {
  flash::Medium medium;
  try {
    auto device = File::open(path);
    if (!image::is_image(device, path.filename().string())) return medium;
    const image::Reader reader(std::move(device), stop);
    if (const auto filesystem = reader.filesystem()) medium.filesystem = to_string(*filesystem);
    if (const auto layout = reader.layout()) {
      medium.is_partition = layout->partition_table != image::PartitionTable::none;
      medium.begin = layout->begin;
      medium.first_cluster = layout->first_cluster;
      medium.cluster_size = layout->cluster_size;
    }
    for (const auto& file : reader.files()) {
      if (file.is_directory) continue;
      ++medium.files;
      medium.bytes += file.bytes;
    }
    for (const auto& fault : reader.faults())
      medium.faults.push_back(fmt::format("{}: expected {}, found {}", printable(fault.where),
                                          printable(fault.expected), printable(fault.found)));
    add_trees(reader, medium);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::usage) throw;  // it has several partitions, or is too large
    medium.unreadable = error.text();
  }
  return medium;
}

Check check_disk(const Disk& disk) {
  const auto objection = flash::find_objection(disk);
  return {.name = disk.device,
          .ok = !objection,
          .found = objection ? "`gopack flash` does not write there: " + *objection
                             : fmt::format("`gopack flash` writes there with --yes {}",
                                           flash::confirmation_of(disk)),
          .remedy = "`gopack flash --list` shows the disks that can be written",
          .is_note = true};
}

}  // namespace

std::vector<target::Check> examine_medium(const std::filesystem::path& path, const Run& run) {
  std::vector<Check> checks;
  if (const auto disk = find_disk(path)) checks.push_back(check_disk(*disk));
  const auto medium =
      in_context(fmt::format("reading {}", printable(path)), [&] { return read_medium(path, run.stop); });
  for (auto& check : flash::diagnose(medium)) checks.push_back(std::move(check));
  return checks;
}

}  // namespace gopack::workflow
