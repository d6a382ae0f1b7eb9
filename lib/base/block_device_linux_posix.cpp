#include "gopack/base/block_device.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "gopack/base/error.hpp"

namespace gopack {

struct BlockDevice::State {
  Descriptor fd;
  std::string name;
  std::uint64_t bytes = 0;
  bool is_disk = false;
  bool is_direct = false;  // past the page cache (open(2), O_DIRECT)

  [[noreturn]] void fail(std::string_view verb) const {
    const int code = errno;
    throw system_error(code, fmt::format("{} {}", verb, printable(name)));
  }
  // What is refused because of its address, size or place in memory goes through the cache: the last bytes of
  // an image whose size is not a whole number of blocks.
  template <typename Call>
  ssize_t transfer(Call call) const {
    const auto retried = [&] {
      auto moved = call();
      while (moved < 0 && errno == EINTR) moved = call();
      return moved;
    };
    const auto moved = retried();
    if (moved >= 0 || errno != EINVAL || !is_direct) return moved;
    const int flags = ::fcntl(fd.get(), F_GETFL);
    ::fcntl(fd.get(), F_SETFL, flags & ~O_DIRECT);
    const auto cached = retried();
    const int code = errno;
    ::fcntl(fd.get(), F_SETFL, flags);
    errno = code;
    return cached;
  }
};

namespace {

Descriptor open_for_both(const std::filesystem::path& path, int flags) {
  return Descriptor(::open(path.c_str(), O_RDWR | O_CLOEXEC | flags));
}

}  // namespace

BlockDevice::BlockDevice(const std::filesystem::path& path) : state_(std::make_unique<State>()) {
  state_->name = path.string();
  struct stat st {};
  if (::stat(path.c_str(), &st) != 0) state_->fail("open");
  state_->is_disk = S_ISBLK(st.st_mode);
  // Without O_CREAT only devices take O_EXCL: they are in use by nobody else then.
  const int flags = state_->is_disk ? O_EXCL : 0;
  state_->fd = open_for_both(path, flags | O_DIRECT);
  state_->is_direct = static_cast<bool>(state_->fd);
  if (!state_->fd && errno == EINVAL) state_->fd = open_for_both(path, flags);
  if (!state_->fd && errno == EBUSY) {
    throw Error(ErrorKind::busy, fmt::format("cannot open {}: it is in use", printable(path)))
        .with_hint("unmount its filesystems, and end what else uses it");
  }
  if (!state_->fd) state_->fail("open");
  state_->bytes = static_cast<std::uint64_t>(st.st_size);
  if (state_->is_disk && ::ioctl(state_->fd.get(), BLKGETSIZE64, &state_->bytes) != 0)
    state_->fail("tell the size of");
}

BlockDevice::BlockDevice(BlockDevice&&) noexcept = default;
BlockDevice::~BlockDevice() = default;

std::uint64_t BlockDevice::bytes() const {
  return state_->bytes;
}

void BlockDevice::write_at(ByteView bytes, std::uint64_t offset) {
  while (!bytes.empty()) {
    const auto moved = state_->transfer(
        [&] { return ::pwrite(state_->fd.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset)); });
    if (moved == 0) errno = ENOSPC;
    if (moved <= 0) state_->fail("write");
    bytes = bytes.subspan(static_cast<std::size_t>(moved));
    offset += static_cast<std::size_t>(moved);
  }
}

void BlockDevice::read_at(std::span<std::byte> into, std::uint64_t offset) {
  while (!into.empty()) {
    const auto moved = state_->transfer(
        [&] { return ::pread(state_->fd.get(), into.data(), into.size(), static_cast<off_t>(offset)); });
    if (moved < 0) state_->fail("read");
    if (moved == 0) {
      throw Error(ErrorKind::failed, fmt::format("cannot read {}: it ends after {} bytes, expected {}",
                                                 printable(state_->name), offset, state_->bytes));
    }
    into = into.subspan(static_cast<std::size_t>(moved));
    offset += static_cast<std::size_t>(moved);
  }
}

void BlockDevice::sync() {
  if (::fsync(state_->fd.get()) != 0) state_->fail("flush");
  if (state_->is_disk) ::ioctl(state_->fd.get(), BLKFLSBUF, 0);
  ::posix_fadvise(state_->fd.get(), 0, 0, POSIX_FADV_DONTNEED);
}

void BlockDevice::rescan() {
  if (state_->is_disk) ::ioctl(state_->fd.get(), BLKRRPART);
}

}  // namespace gopack
