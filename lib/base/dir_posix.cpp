#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <utility>

#include "calls.hpp"
#include "gopack/base/error.hpp"
#include "gopack/base/file.hpp"
#include "posix.hpp"
#include "remove_directory.hpp"

namespace gopack {

namespace {

Error cannot_rename(int code, const std::filesystem::path& from, const std::filesystem::path& to) {
  return system_error(code, fmt::format("rename {} to {}", printable(from), printable(to)));
}

void make_directories(const std::filesystem::path& path) {
  if (::mkdir(path.c_str(), 0755) == 0 || errno == EEXIST) return;
  const int code = errno;
  const auto parent = path.parent_path();
  if (code != ENOENT || parent.empty() || parent == path)
    throw system_error(code, fmt::format("create directory {}", printable(path)));
  make_directories(parent);
  if (::mkdir(path.c_str(), 0755) != 0 && errno != EEXIST)
    throw system_error(errno, fmt::format("create directory {}", printable(path)));
}

}  // namespace

Dir Dir::open(const std::filesystem::path& path) {
  const int fd = posix::retry([&] { return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); });
  if (fd < 0) throw system_error(errno, fmt::format("open directory {}", printable(path)));
  return {Descriptor(fd), path};
}

Dir Dir::ensure(const std::filesystem::path& path) {
  make_directories(path);
  return open(path);
}

Dir Dir::open_dir(const std::string& name) const {
  if (auto dir = try_open_dir(name)) return std::move(*dir);
  posix::fail(*this, "open directory", name);
}

std::optional<Dir> Dir::try_open_dir(const std::string& name) const {
  const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  const int fd = posix::retry([&] { return ::openat(fd_.get(), name.c_str(), flags); });
  if (fd >= 0) return Dir(Descriptor(fd), path_ / name);
  if (errno == ENOENT || errno == ENOTDIR || errno == ELOOP) return std::nullopt;
  posix::fail(*this, "open directory", name);
}

Dir Dir::ensure_dir(const std::string& name) const {
  const bool is_new = ::mkdirat(fd_.get(), name.c_str(), 0755) == 0;
  if (!is_new && errno != EEXIST) posix::fail(*this, "create directory", name);
  auto dir = open_dir(name);
  if (is_new) dir.set_mode(0755);
  return dir;
}

Dir Dir::make_dir(const std::string& name, std::uint32_t mode) const {
  if (::mkdirat(fd_.get(), name.c_str(), mode) != 0) posix::fail(*this, "create directory", name);
  try {
    auto dir = open_dir(name);
    dir.set_mode(mode);
    return dir;
  } catch (...) {
    ::unlinkat(fd_.get(), name.c_str(), AT_REMOVEDIR);
    throw;
  }
}

File Dir::open_file(const std::string& name) const {
  const int fd =
      posix::retry([&] { return ::openat(fd_.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC); });
  if (fd < 0) posix::fail(*this, "open", name);
  return {Descriptor(fd), (path_ / name).string()};
}

std::optional<File> Dir::try_open_file(const std::string& name) const {
  // Somebody may be removing it: one call opens it or tells that there is none. O_NONBLOCK is for pipes.
  const int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  const int fd = posix::retry([&] { return ::openat(fd_.get(), name.c_str(), flags); });
  if (fd < 0 && (errno == ENOENT || errno == ELOOP || errno == ENOTDIR || errno == ENXIO))
    return std::nullopt;
  if (fd < 0) posix::fail(*this, "open", name);
  File file(Descriptor(fd), (path_ / name).string());
  if (file.status().type != FileType::file) return std::nullopt;
  return file;
}

File Dir::create_file(const std::string& name, std::uint32_t mode) const {
  const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  const int fd = posix::retry([&] { return ::openat(fd_.get(), name.c_str(), flags, 0600); });
  if (fd < 0) posix::fail(*this, "create", name);
  File file(Descriptor(fd), (path_ / name).string());
  file.set_mode(mode);
  return file;
}

File Dir::open_or_create(const std::string& name) const {
  const int flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC;
  int fd = posix::retry([&] { return ::openat(fd_.get(), name.c_str(), flags | O_EXCL, 0644); });
  const bool is_new = fd >= 0;
  if (!is_new && errno == EEXIST)
    fd = posix::retry([&] { return ::openat(fd_.get(), name.c_str(), flags, 0644); });
  if (fd < 0) posix::fail(*this, "open", name);
  File file(Descriptor(fd), (path_ / name).string());
  if (is_new) file.set_mode(0644);
  return file;
}

std::vector<std::string> Dir::names() const {
  const int copy = ::openat(fd_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (copy < 0) posix::fail(*this, "read directory");
  const std::unique_ptr<DIR, decltype([](DIR* dir) { ::closedir(dir); })> stream(::fdopendir(copy));
  if (!stream) posix::fail(*this, "read directory");
  std::vector<std::string> names;
  for (errno = 0; const dirent* entry = ::readdir(stream.get()); errno = 0) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  if (errno != 0) posix::fail(*this, "read directory");
  std::sort(names.begin(), names.end());
  return names;
}

std::optional<FileStatus> Dir::find(const std::string& name) const {
  struct stat st {};
  if (::fstatat(fd_.get(), name.c_str(), &st, AT_SYMLINK_NOFOLLOW) == 0) return posix::to_status(st);
  if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
  posix::fail(*this, "examine", name);
}

std::optional<std::string> Dir::find_link(const std::string& name) const {
  char target[4096];
  const auto n = ::readlinkat(fd_.get(), name.c_str(), target, sizeof target);
  if (n < 0) return std::nullopt;
  return std::string(target, static_cast<std::size_t>(n));
}

void Dir::rename(const std::string& from, const Dir& to_dir, const std::string& to) const {
  if (::renameat(fd_.get(), from.c_str(), to_dir.fd_.get(), to.c_str()) != 0) {
    const int code = errno;
    throw cannot_rename(code, path_ / from, to_dir.path_ / to);
  }
}

bool Dir::rename_no_replace(const std::string& from, const Dir& to_dir, const std::string& to) const {
  if (calls::rename_no_replace(fd_.get(), from.c_str(), to_dir.fd_.get(), to.c_str()) == 0) return true;
  if (errno == EEXIST || errno == ENOTEMPTY) return false;
  if (errno != EINVAL && errno != ENOSYS && errno != ENOTSUP) {
    const int code = errno;
    throw cannot_rename(code, path_ / from, to_dir.path_ / to);
  }
  // A filesystem without it (FUSE): the store's lock keeps others away between look and rename.
  if (to_dir.find(to)) return false;
  rename(from, to_dir, to);
  return true;
}

void Dir::set_mode(std::uint32_t mode) const {
  if (!posix::change_mode(fd_.get(), mode)) posix::fail(*this, "set the mode of");
}

void Dir::remove_file(const std::string& name) const {
  if (::unlinkat(fd_.get(), name.c_str(), 0) != 0 && errno != ENOENT) posix::fail(*this, "remove", name);
}

void Dir::sync() const {
  // Some filesystems (FUSE) cannot flush a directory by itself; sync_filesystem covers them.
  if (::fsync(fd_.get()) != 0 && errno != EINVAL && errno != ENOSYS) posix::fail(*this, "flush directory");
}

void touch(const Dir& dir, const std::string& name) {
  if (::utimensat(dir.descriptor(), name.c_str(), nullptr, AT_SYMLINK_NOFOLLOW) != 0)
    posix::fail(dir, "set the time of", name);
}

void set_time(const Dir& dir, const std::string& name, std::int64_t mtime) {
  const timespec times[] = {{0, UTIME_OMIT}, {mtime, 0}};
  if (::utimensat(dir.descriptor(), name.c_str(), times, AT_SYMLINK_NOFOLLOW) != 0 && errno != EPERM &&
      errno != EINVAL && errno != EOPNOTSUPP) {
    posix::fail(dir, "set the time of", name);
  }
}

void remove_directory(const Dir& dir, const std::string& name) {
  if (::unlinkat(dir.descriptor(), name.c_str(), AT_REMOVEDIR) != 0)
    posix::fail(dir, "remove directory", name);
}

}  // namespace gopack
