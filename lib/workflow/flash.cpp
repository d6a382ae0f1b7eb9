#include "gopack/workflow/flash.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gopack/base/error.hpp"
#include "gopack/base/shell_word.hpp"
#include "gopack/flash/disk.hpp"

namespace gopack::workflow {

namespace {

namespace fs = std::filesystem;

Error refusal(const fs::path& target, std::string_view reason, std::string hint) {
  return Error(ErrorKind::usage, fmt::format("cannot write {}: {}", printable(target), reason))
      .with_hint(std::move(hint));
}

void refuse_twins(const FlashOptions& options) {
  std::error_code ignored;
  for (auto target = options.targets.begin(); target != options.targets.end(); ++target) {
    if (fs::equivalent(*target, options.image, ignored))
      throw refusal(*target, "it is the image itself", "name the disks behind the image");
    const auto twin = std::find_if(options.targets.begin(), target, [&](const auto& other) {
      return *target == other || fs::equivalent(*target, other, ignored);
    });
    if (twin != target) throw refusal(*target, "it is named twice", "name each disk once");
  }
}

void require_file(const fs::path& target, bool allow_files) {
  std::error_code ignored;
  if (!fs::is_regular_file(target, ignored))
    throw refusal(target, "it is not a disk", "`gopack flash --list` names the disks that can be written");
  if (!allow_files) throw refusal(target, "it is a file", "--allow-file writes to files too");
}

void require_confirmed(const Disk& disk, const FlashOptions& options) {
  const auto word = flash::confirmation_of(disk);
  const auto& confirmed = options.confirmed;
  if (std::find(confirmed.begin(), confirmed.end(), word) != confirmed.end() || options.ask(disk) == word)
    return;
  throw refusal(disk.device, "it is not confirmed",
                fmt::format("--yes {} says that all that is on this disk will be erased", shell_word(word)));
}

bool is_file(const Disk& disk, const FlashOptions& options) {
  return options.allow_files && disk.bus == "loop";
}

void require_candidate(Disk disk, const FlashOptions& options) {
  if (is_file(disk, options)) disk.is_removable = true;
  const auto objection = flash::find_objection(disk);
  if (!objection) return;
  disk.uses.clear();
  if (const auto lasting = flash::find_objection(disk)) {
    throw refusal(disk.device, *lasting,
                  disk.bus == "loop" ? "--allow-file writes to loop devices too"
                                     : "`gopack flash --list` names the disks that can be written");
  }
  throw Error(ErrorKind::busy, fmt::format("cannot write {}: {}", printable(disk.device), *objection))
      .with_hint("`gopack flash --list` tells what uses which disk");
}

// Each serial number belongs to a target: else a disk was forgotten, or the wrong one is plugged in.
void require_all_meant(const std::vector<std::optional<Disk>>& disks, const FlashOptions& options) {
  for (const auto& word : options.confirmed) {
    const bool is_known = std::any_of(disks.begin(), disks.end(), [&](const auto& disk) {
      return disk && flash::confirmation_of(*disk) == word;
    });
    if (is_known) continue;
    throw Error(ErrorKind::usage, fmt::format("--yes {} is of no device that is named", printable(word)))
        .with_hint("`gopack flash --list` shows which device has which serial number");
  }
}

}  // namespace

FlashedDisks flash(const FlashOptions& options, const Run& run) {
  refuse_twins(options);
  FlashedDisks flashed;
  for (const auto& target : options.targets) {
    const auto& disk = flashed.disks.emplace_back(find_disk(target));
    if (disk)
      require_candidate(*disk, options);
    else
      require_file(target, options.allow_files);
  }
  require_all_meant(flashed.disks, options);
  flash::require_image(options.image);
  for (const auto& disk : flashed.disks)  // asked last: the rest is well
    if (disk && !is_file(*disk, options)) require_confirmed(*disk, options);
  static_cast<flash::Flashed&>(flashed) =
      flash::flash(options.image, options.targets, options.stall_limit, run);
  return flashed;
}

}  // namespace gopack::workflow
