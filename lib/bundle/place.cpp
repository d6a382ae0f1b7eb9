#include "gopack/bundle/place.hpp"

#include <fmt/format.h>

#include <string_view>

#include "contents.hpp"
#include "gopack/base/error.hpp"
#include "gopack/base/mount.hpp"
#include "gopack/bundle/checksums.hpp"
#include "gopack/bundle/files.hpp"

namespace gopack::bundle {

bool is_bundle(const Dir& home) {
  return home.find("go.sh").has_value() && home.find(kChecksums).has_value();
}

void check_target(const store::Store& store, const std::filesystem::path& target, std::string_view what) {
  std::error_code ignored;
  if (target.empty()) throw Error(ErrorKind::usage, "cannot bundle: --target names no directory");
  for (auto above = std::filesystem::weakly_canonical(target, ignored); !above.empty();) {
    if (std::filesystem::equivalent(above, store.path(), ignored)) {
      throw Error(ErrorKind::usage,
                  fmt::format("cannot {} {}: it is in the store itself", what, printable(target)))
          .with_hint("name the directory of a stick or share");
    }
    above = above == above.root_path() ? std::filesystem::path() : above.parent_path();
  }
  if (stands_for_device(target)) {
    throw Error(ErrorKind::usage,
                fmt::format("cannot {} {}: what lies below /dev stands for devices", what, printable(target)))
        .with_hint("mount the device, and name the directory where it is mounted");
  }
  if (std::filesystem::exists(target, ignored) && !std::filesystem::is_directory(target, ignored)) {
    throw Error(ErrorKind::failed,
                fmt::format("cannot {} {}: it is not a directory", what, printable(target)))
        .with_hint("name the directory of a stick or share");
  }
}

void require_free_names(const std::filesystem::path& target, bool is_bundle,
                        const std::vector<BundleFile>& programs) {
  std::error_code ignored;
  const auto refuse = [&](std::string_view name, std::string_view what) {
    throw Error(ErrorKind::failed, fmt::format("cannot write to {}: {} is there already and is {}",
                                               printable(target), printable(name), what))
        .with_hint("move it away, or name another directory");
  };
  const auto require_free = [&](const BundleFile& file) {
    for (auto above = file.path.parent(); !above.empty(); above = tree::parent_of(above)) {
      const auto path = target / above;
      if (std::filesystem::exists(path, ignored) && !std::filesystem::is_directory(path, ignored))
        refuse(above, "not a directory");
    }
    const auto path = target / file.path.text();
    if (!std::filesystem::exists(path, ignored)) return;
    if (!std::filesystem::is_regular_file(path, ignored)) refuse(file.path.text(), "not a file");
    if (is_bundle || file.is_setting) return;
    if (std::filesystem::file_size(path) != file.text.size() || read_text(path, kLargestFile) != file.text)
      refuse(file.path.text(), "not gopack's");
  };
  for (const auto& file : bundle_files()) require_free(file);
  for (const auto& program : programs) require_free(program);
  for (const auto* name : {kChecksums, kContents}) require_free({tree::RelPath(name), ""});
}

}  // namespace gopack::bundle
