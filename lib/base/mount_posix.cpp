#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
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

bool is_empty_mount_point(const std::filesystem::path& directory, const std::filesystem::path& mounted) {
  const auto is_below = [](const std::filesystem::path& path, const std::filesystem::path& place) {
    return std::mismatch(place.begin(), place.end(), path.begin(), path.end()).first == place.end();
  };
  for (const std::filesystem::path place : {"/mnt", "/media", "/run/media", "/Volumes"}) {
    if (directory != place && is_below(directory, place)) return !is_below(mounted, place);
  }
  return false;
}

}  // namespace gopack
