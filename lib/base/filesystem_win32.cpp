#include "gopack/base/filesystem.hpp"

#include <limits>

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

// Where there are no rights, the directory's own flush is that of the root.
void sync_filesystem(const Dir& dir) {
  if (win32::has_rights(win32::to_handle(dir.descriptor()))) nt::flush_root(dir);
  dir.sync();
}

}  // namespace gopack
