#include "gopack/base/file.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "win32.hpp"

namespace gopack {

namespace {

constexpr DWORD kShareAll = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;

HANDLE open_to_read(const std::filesystem::path& path, DWORD access) {
  return ::CreateFileW(win32::long_path(path).c_str(), access, kShareAll, nullptr, OPEN_EXISTING,
                       FILE_FLAG_BACKUP_SEMANTICS, nullptr);
}

DWORD block_of(std::size_t size) {
  return static_cast<DWORD>(std::min<std::size_t>(size, std::numeric_limits<std::int32_t>::max()));
}

// Bytes read; the end of a file or pipe is 0. Throws Error.
std::size_t read_some(HANDLE file, std::span<std::byte> into, OVERLAPPED* at, const std::string& name) {
  DWORD n = 0;
  if (::ReadFile(file, into.data(), block_of(into.size()), &n, at)) return n;
  const auto code = ::GetLastError();
  if (code == ERROR_HANDLE_EOF || code == ERROR_BROKEN_PIPE) return 0;
  throw system_error(win32::to_errno(code), fmt::format("read {}", printable(name)));
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    if (fd_ >= 0) ::CloseHandle(win32::to_handle(fd_));
    fd_ = other.release();
  }
  return *this;
}

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::CloseHandle(win32::to_handle(fd_));
}

int Descriptor::release() {
  return std::exchange(fd_, -1);
}

File File::open(const std::filesystem::path& path) {
  const auto handle = open_to_read(path, GENERIC_READ);
  if (handle == INVALID_HANDLE_VALUE)
    throw system_error(win32::last_error(), fmt::format("open {}", printable(path)));
  File file(Descriptor(win32::to_descriptor(handle)), path.string());
  if (file.status().type == FileType::directory) {
    throw Error(ErrorKind::failed, fmt::format("cannot read {}: it is a directory", printable(path)));
  }
  return file;
}

std::size_t File::read(std::span<std::byte> into) {
  return read_some(win32::to_handle(fd_.get()), into, nullptr, name_);
}

std::size_t File::read_at(std::span<std::byte> into, std::uint64_t offset) const {
  OVERLAPPED at{};
  at.Offset = static_cast<DWORD>(offset);
  at.OffsetHigh = static_cast<DWORD>(offset >> 32);
  // Windows moves the position all the same.
  const auto handle = win32::to_handle(fd_.get());
  LARGE_INTEGER before{};
  const bool has_position = ::SetFilePointerEx(handle, {}, &before, FILE_CURRENT) != 0;
  const auto n = read_some(handle, into, &at, name_);
  if (has_position) ::SetFilePointerEx(handle, before, nullptr, FILE_BEGIN);
  return n;
}

void File::write(ByteView bytes) {
  while (!bytes.empty()) {
    DWORD n = 0;
    if (!::WriteFile(win32::to_handle(fd_.get()), bytes.data(), block_of(bytes.size()), &n, nullptr))
      throw system_error(win32::last_error(), fmt::format("write {}", printable(name_)));
    bytes = bytes.subspan(n);
  }
}

void File::seek(std::uint64_t offset) {
  LARGE_INTEGER position{};
  position.QuadPart = static_cast<std::int64_t>(offset);
  if (!::SetFilePointerEx(win32::to_handle(fd_.get()), position, nullptr, FILE_BEGIN))
    throw system_error(win32::last_error(), fmt::format("seek in {}", printable(name_)));
}

void File::truncate(std::uint64_t size) {
  FILE_END_OF_FILE_INFO info{};
  info.EndOfFile.QuadPart = static_cast<std::int64_t>(size);
  if (!::SetFileInformationByHandle(win32::to_handle(fd_.get()), FileEndOfFileInfo, &info, sizeof info))
    throw system_error(win32::last_error(), fmt::format("truncate {}", printable(name_)));
}

FileStatus File::status() const {
  return in_context("working on " + printable(name_),
                    [&] { return win32::status_of(win32::to_handle(fd_.get())); });
}

void File::set_mode(std::uint32_t mode) {
  if (win32::change_mode(win32::to_handle(fd_.get()), mode)) return;
  // A file that is open for reading alone.
  const auto again =
      ::ReOpenFile(win32::to_handle(fd_.get()), FILE_READ_ATTRIBUTES | FILE_WRITE_ATTRIBUTES, kShareAll, 0);
  const Descriptor closing(win32::to_descriptor(again));
  if (!closing || !win32::change_mode(again, mode))
    throw system_error(win32::last_error(), fmt::format("set the mode of {}", printable(name_)));
}

void File::sync() {
  const auto handle = win32::to_handle(fd_.get());
  if (::FlushFileBuffers(handle)) return;
  // Only who may write a file may flush it, though what is flushed is the file's. What nobody may write has
  // been flushed by whoever made it.
  const auto again = ::ReOpenFile(handle, GENERIC_WRITE, kShareAll, 0);
  const Descriptor closing(win32::to_descriptor(again));
  const auto code = closing ? ERROR_SUCCESS : ::GetLastError();
  if (code == ERROR_ACCESS_DENIED || code == ERROR_WRITE_PROTECT) return;
  if (!closing || !::FlushFileBuffers(again))
    throw system_error(win32::last_error(), fmt::format("flush {}", printable(name_)));
}

void File::close() {
  if (!::CloseHandle(win32::to_handle(fd_.release())))
    throw system_error(win32::last_error(), fmt::format("close {}", printable(name_)));
}

// Whoever opens a file without buffering has its buffers dropped.
void File::forget() const {
  const Descriptor closing(win32::to_descriptor(
      ::ReOpenFile(win32::to_handle(fd_.get()), GENERIC_READ, kShareAll, FILE_FLAG_NO_BUFFERING)));
}

bool is_of_this_user(const std::filesystem::path& path) {
  const auto handle = open_to_read(path, READ_CONTROL);
  const Descriptor closing(win32::to_descriptor(handle));
  return closing && win32::is_owned_by_this_user(handle);
}

}  // namespace gopack
