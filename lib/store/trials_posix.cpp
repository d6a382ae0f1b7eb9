#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "flock.hpp"
#include "gopack/base/error.hpp"
#include "trials.hpp"

namespace gopack::store {

Locks try_locks(const Dir& room) {
  constexpr const char* kLock = "lock";
  const auto first = room.open_or_create(kLock);
  const auto second = room.open_or_create(kLock);
  const auto code = try_flock(first, LOCK_EX);
  if (code == ETIMEDOUT) return Locks::hang;
  return code == 0 && try_flock(second, LOCK_EX) == EWOULDBLOCK ? Locks::work : Locks::missing;
}

bool takes_large_files(const Dir& room) {
  const auto file = room.open_or_create("large");
  return ::lseek(file.descriptor(), off_t{4} << 30, SEEK_SET) >= 0;
}

std::filesystem::path find_mount(std::filesystem::path directory) {
  const auto device_of = [](const std::filesystem::path& path) {
    struct stat st {};
    if (::stat(path.c_str(), &st) != 0) throw system_error(errno, fmt::format("examine {}", printable(path)));
    return st.st_dev;
  };
  while (directory.has_relative_path() && device_of(directory) == device_of(directory.parent_path()))
    directory = directory.parent_path();
  return directory;
}

}  // namespace gopack::store
