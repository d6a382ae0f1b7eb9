#include "gopack/base/filesystem.hpp"

#include <limits>

#include "gopack/base/mount.hpp"
#include "nt.hpp"

namespace gopack {

Space space_of(const Dir& dir) {
  nt::FullSize size;
  const auto status = nt::full_size(dir.descriptor(), size);
  if (status != nt::kSuccess) win32::fail(nt::to_errno(status), dir, "examine the filesystem of");
  const auto unit = std::uint64_t{size.sectors} * size.bytes;
  return {static_cast<std::uint64_t>(size.available_to_caller) * unit, unit,
          std::numeric_limits<std::uint64_t>::max()};
}

// Windows lets administrators alone flush a volume, but whoever may make a directory in its root can flush
// that, with which FAT, exFAT and NTFS write all they have. Else the files that gopack flushed itself have to
// do.
void sync_filesystem(const Dir& dir) {
  const auto root = mount_root(dir.path());
  const Descriptor opened(
      win32::to_descriptor(::CreateFileW(win32::long_path(root).c_str(), FILE_ADD_SUBDIRECTORY | SYNCHRONIZE,
                                         FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                                         OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, nullptr)));
  if (opened) nt::flush(opened.get());
  dir.sync();
}

}  // namespace gopack
