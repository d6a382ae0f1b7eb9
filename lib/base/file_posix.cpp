#include "gopack/base/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "calls.hpp"
#include "gopack/base/error.hpp"
#include "posix.hpp"

namespace gopack {

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = other.release();
  }
  return *this;
}

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

int Descriptor::release() {
  return std::exchange(fd_, -1);
}

File File::open(const std::filesystem::path& path) {
  const int fd = posix::retry([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC); });
  if (fd < 0) throw system_error(errno, fmt::format("open {}", printable(path)));
  File file(Descriptor(fd), path.string());
  if (file.status().type == FileType::directory) {
    throw Error(ErrorKind::failed, fmt::format("cannot read {}: it is a directory", printable(path)));
  }
  return file;
}

std::size_t File::read(std::span<std::byte> into) {
  const auto n = posix::retry([&] { return ::read(fd_.get(), into.data(), into.size()); });
  if (n < 0) throw system_error(errno, fmt::format("read {}", printable(name_)));
  return static_cast<std::size_t>(n);
}

std::size_t File::read_at(std::span<std::byte> into, std::uint64_t offset) const {
  const auto n =
      posix::retry([&] { return ::pread(fd_.get(), into.data(), into.size(), static_cast<off_t>(offset)); });
  if (n < 0) throw system_error(errno, fmt::format("read {}", printable(name_)));
  return static_cast<std::size_t>(n);
}

void File::write(ByteView bytes) {
  while (!bytes.empty()) {
    const auto n = posix::retry([&] { return ::write(fd_.get(), bytes.data(), bytes.size()); });
    if (n < 0) throw system_error(errno, fmt::format("write {}", printable(name_)));
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
}

void File::seek(std::uint64_t offset) {
  if (::lseek(fd_.get(), static_cast<off_t>(offset), SEEK_SET) < 0) {
    throw system_error(errno, fmt::format("seek in {}", printable(name_)));
  }
}

void File::truncate(std::uint64_t size) {
  if (posix::retry([&] { return ::ftruncate(fd_.get(), static_cast<off_t>(size)); }) != 0) {
    throw system_error(errno, fmt::format("truncate {}", printable(name_)));
  }
}

FileStatus File::status() const {
  struct stat st {};
  if (::fstat(fd_.get(), &st) != 0) throw system_error(errno, fmt::format("examine {}", printable(name_)));
  return posix::to_status(st);
}

void File::set_mode(std::uint32_t mode) {
  if (!posix::change_mode(fd_.get(), mode))
    throw system_error(errno, fmt::format("set the mode of {}", printable(name_)));
}

void File::sync() {
  if (::fsync(fd_.get()) != 0) throw system_error(errno, fmt::format("flush {}", printable(name_)));
}

void File::close() {
  if (::close(fd_.release()) != 0 && errno != EINTR)
    throw system_error(errno, fmt::format("close {}", printable(name_)));
}

void File::forget() const {
  calls::forget(fd_.get());
}

bool is_of_this_user(const std::filesystem::path& path) {
  struct stat st {};
  if (::stat(path.c_str(), &st) != 0 || (st.st_uid != ::geteuid() && st.st_uid != 0)) return false;
  // Where users have groups of their own, files are often made writable for them.
  const bool is_own_group = st.st_gid == st.st_uid;
  return (st.st_mode & (is_own_group ? S_IWOTH : S_IWOTH | S_IWGRP)) == 0;
}

}  // namespace gopack
