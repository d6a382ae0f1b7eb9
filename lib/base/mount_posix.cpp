#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>

#include "gopack/base/error.hpp"
#include "gopack/base/mount.hpp"

namespace gopack {

std::filesystem::path mount_root(std::filesystem::path directory) {
  const auto device_of = [](const std::filesystem::path& path) {
    struct stat st {};
    if (::stat(path.c_str(), &st) != 0) throw system_error(errno, fmt::format("examine {}", printable(path)));
    return st.st_dev;
  };
  while (directory.has_relative_path() && device_of(directory) == device_of(directory.parent_path()))
    directory = directory.parent_path();
  return directory;
}

}  // namespace gopack
