#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <limits>
#include <memory>
#include <random>
#include <utility>

#include "calls.hpp"
#include "gopack/base/error.hpp"
#include "gopack/base/file.hpp"
#include "gopack/base/report.hpp"
#include "posix.hpp"

namespace gopack {

namespace {

Error cannot_rename(int code, const std::filesystem::path& from, const std::filesystem::path& to) {
  return system_error(code, fmt::format("rename {} to {}", printable(from), printable(to)));
}

constexpr std::string_view kTemporaryEnding = ".tmp";
constexpr std::size_t kChanceDigits = 8;

std::string temporary_name(std::string_view name) {
  std::random_device device;
  return fmt::format(".{}.{:0{}x}{}", name, device(), kChanceDigits, kTemporaryEnding);
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

void Dir::fail(std::string_view verb, std::string_view name) const {
  const int code = errno;
  throw system_error(code, fmt::format("{} {}", verb, printable(name.empty() ? path_ : path_ / name)));
}

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
  fail("open directory", name);
}

std::optional<Dir> Dir::try_open_dir(const std::string& name) const {
  const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  const int fd = posix::retry([&] { return ::openat(fd_.get(), name.c_str(), flags); });
  if (fd >= 0) return Dir(Descriptor(fd), path_ / name);
  if (errno == ENOENT || errno == ENOTDIR || errno == ELOOP) return std::nullopt;
  fail("open directory", name);
}

Dir Dir::ensure_dir(const std::string& name) const {
  const bool is_new = ::mkdirat(fd_.get(), name.c_str(), 0755) == 0;
  if (!is_new && errno != EEXIST) fail("create directory", name);
  auto dir = open_dir(name);
  if (is_new) dir.set_mode(0755);
  return dir;
}

Dir Dir::make_dir(const std::string& name, std::uint32_t mode) const {
  if (::mkdirat(fd_.get(), name.c_str(), mode) != 0) fail("create directory", name);
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
  if (fd < 0) fail("open", name);
  return {Descriptor(fd), (path_ / name).string()};
}

std::optional<File> Dir::try_open_file(const std::string& name) const {
  // Somebody may be removing it: one call opens it or tells that there is none. O_NONBLOCK is for pipes.
  const int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  const int fd = posix::retry([&] { return ::openat(fd_.get(), name.c_str(), flags); });
  if (fd < 0 && (errno == ENOENT || errno == ELOOP || errno == ENOTDIR || errno == ENXIO))
    return std::nullopt;
  if (fd < 0) fail("open", name);
  File file(Descriptor(fd), (path_ / name).string());
  if (file.status().type != FileType::file) return std::nullopt;
  return file;
}

File Dir::create_file(const std::string& name, std::uint32_t mode) const {
  const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  const int fd = posix::retry([&] { return ::openat(fd_.get(), name.c_str(), flags, 0600); });
  if (fd < 0) fail("create", name);
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
  if (fd < 0) fail("open", name);
  File file(Descriptor(fd), (path_ / name).string());
  if (is_new) file.set_mode(0644);
  return file;
}

std::vector<std::string> Dir::names() const {
  const int copy = ::openat(fd_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (copy < 0) fail("read directory", "");
  const std::unique_ptr<DIR, decltype([](DIR* dir) { ::closedir(dir); })> stream(::fdopendir(copy));
  if (!stream) fail("read directory", "");
  std::vector<std::string> names;
  for (errno = 0; const dirent* entry = ::readdir(stream.get()); errno = 0) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  if (errno != 0) fail("read directory", "");
  std::sort(names.begin(), names.end());
  return names;
}

std::optional<FileStatus> Dir::find(const std::string& name) const {
  struct stat st {};
  if (::fstatat(fd_.get(), name.c_str(), &st, AT_SYMLINK_NOFOLLOW) == 0) return posix::to_status(st);
  if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
  fail("examine", name);
}

std::optional<std::string> Dir::find_link(const std::string& name) const {
  char target[4096];
  const auto n = ::readlinkat(fd_.get(), name.c_str(), target, sizeof target);
  if (n < 0) return std::nullopt;
  return std::string(target, static_cast<std::size_t>(n));
}

std::optional<std::string> Dir::find_text(const std::string& name, std::uint64_t limit) const {
  auto file = try_open_file(name);
  if (!file) return std::nullopt;
  FileSource source(*file);
  return in_context(fmt::format("reading {}", printable(path_ / name)),
                    [&] { return read_all(source, limit); });
}

template <typename Make>
void Dir::replace(const std::string& name, bool sync, Make make) const {
  const auto temporary = temporary_name(name);
  try {
    make(temporary);
    rename(temporary, *this, name);
  } catch (...) {
    ::unlinkat(fd_.get(), temporary.c_str(), 0);
    throw;
  }
  if (sync) this->sync();
}

void Dir::replace_text(const std::string& name, std::string_view text, bool sync, std::uint32_t mode) const {
  replace(name, sync, [&](const std::string& temporary) {
    auto file = create_file(temporary, mode);
    file.write(as_bytes(text));
    if (sync) file.sync();
    file.close();
  });
}

void Dir::replace_link(const std::string& name, const std::string& target, bool sync) const {
  replace(name, sync, [&](const std::string& temporary) {
    if (::symlinkat(target.c_str(), fd_.get(), temporary.c_str()) != 0) fail("create link", name);
  });
}

bool Dir::can_link() const {
  const auto name = temporary_name("probe");
  if (::symlinkat("target", fd_.get(), name.c_str()) != 0) {
    // FAT and exFAT: EPERM from the kernel, ENOSYS from FUSE.
    if (errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS) return false;
    fail("create a link in", "");
  }
  remove_file(name);
  return true;
}

std::optional<std::string_view> Dir::find_replaced(std::string_view name) {
  constexpr std::size_t kAdded = 1 + 1 + kChanceDigits + kTemporaryEnding.size();
  if (name.size() <= kAdded || !name.starts_with('.') || !name.ends_with(kTemporaryEnding))
    return std::nullopt;
  const auto replaced = name.substr(1, name.size() - kAdded);
  const auto chance = name.substr(1 + replaced.size() + 1, kChanceDigits);
  if (name[1 + replaced.size()] != '.' ||
      chance.find_first_not_of("0123456789abcdef") != std::string_view::npos)
    return std::nullopt;
  return replaced;
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
  if (!posix::change_mode(fd_.get(), mode)) fail("set the mode of", "");
}

void Dir::touch(const std::string& name) const {
  if (::utimensat(fd_.get(), name.c_str(), nullptr, AT_SYMLINK_NOFOLLOW) != 0) fail("set the time of", name);
}

void Dir::set_time(const std::string& name, std::int64_t mtime) const {
  const timespec times[] = {{0, UTIME_OMIT}, {mtime, 0}};
  if (::utimensat(fd_.get(), name.c_str(), times, AT_SYMLINK_NOFOLLOW) != 0 && errno != EPERM &&
      errno != EINVAL && errno != EOPNOTSUPP) {
    fail("set the time of", name);
  }
}

void Dir::remove_file(const std::string& name) const {
  if (::unlinkat(fd_.get(), name.c_str(), 0) != 0 && errno != ENOENT) fail("remove", name);
}

void Dir::remove_tree(const std::string& name, const std::stop_token& stop) const {
  throw_if_stopped(stop);
  const auto status = find(name);
  if (!status) return;
  if (status->type != FileType::directory) return remove_file(name);
  {
    const auto dir = open_dir(name);
    if ((status->mode & 0200) == 0) dir.set_mode(0755);
    for (const auto& child : dir.names()) dir.remove_tree(child, stop);
  }
  if (::unlinkat(fd_.get(), name.c_str(), AT_REMOVEDIR) != 0) fail("remove directory", name);
}

Space Dir::space() const {
  struct statvfs status {};
  if (::fstatvfs(fd_.get(), &status) != 0) fail("examine the filesystem of", "");
  const bool limits_files = status.f_files != 0;  // some filesystems make inodes as they need them
  return {static_cast<std::uint64_t>(status.f_bavail) * status.f_frsize, status.f_frsize,
          limits_files ? status.f_favail : std::numeric_limits<std::uint64_t>::max()};
}

void Dir::sync() const {
  // Some filesystems (FUSE) cannot flush a directory by itself; sync_filesystem covers them.
  if (::fsync(fd_.get()) != 0 && errno != EINVAL && errno != ENOSYS) fail("flush directory", "");
}

void Dir::sync_filesystem() const {
  if (calls::sync_filesystem(fd_.get()) != 0) fail("flush the filesystem of", "");
  sync();  // FUSE servers write what they keep themselves only for this one
}

}  // namespace gopack
