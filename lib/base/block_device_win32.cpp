// Disks are written as "CreateFile", "Physical Disks and Volumes" says: with the volumes on them locked and
// dismounted, in whole sectors.
#include "gopack/base/block_device.hpp"

#include <algorithm>
#include <new>
#include <vector>

#include "disk_win32.hpp"
#include "win32.hpp"

#include <winioctl.h>

namespace gopack {

namespace {

constexpr std::uint64_t kLargestSector = 4096;

struct alignas(kLargestSector) Sector {
  std::byte bytes[kLargestSector];
};

OVERLAPPED at(std::uint64_t offset) {
  OVERLAPPED place{};
  place.Offset = static_cast<DWORD>(offset);
  place.OffsetHigh = static_cast<DWORD>(offset >> 32);
  return place;
}

bool control(const Descriptor& device, DWORD code) {
  DWORD size = 0;
  return ::DeviceIoControl(win32::to_handle(device.get()), code, nullptr, 0, nullptr, 0, &size, nullptr) != 0;
}

}  // namespace

struct BlockDevice::State {
  Descriptor file;
  std::vector<Descriptor> volumes;  // locked as long as these are open
  std::string name;
  std::uint64_t bytes = 0;
  bool is_disk = false;

  [[noreturn]] void fail(std::string_view verb) const {
    throw system_error(win32::last_error(), fmt::format("{} {}", verb, printable(name)));
  }

  void lock_volume(const std::wstring& volume, unsigned disk) {
    Descriptor opened(win32::to_descriptor(::CreateFileW(volume.c_str(), GENERIC_READ | GENERIC_WRITE,
                                                         FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr,
                                                         OPEN_EXISTING, 0, nullptr)));
    if (!win32::is_on_disk(opened, disk)) return;
    if (!control(opened, FSCTL_LOCK_VOLUME) || !control(opened, FSCTL_DISMOUNT_VOLUME)) {
      throw Error(ErrorKind::busy, fmt::format("cannot open {}: it is in use", printable(name)))
          .with_hint("close what has files of it open");
    }
    volumes.push_back(std::move(opened));
  }

  // All of a piece that is as long as whole sectors are, or lies in a file.
  void write_all(ByteView bytes_to_write, std::uint64_t offset) const {
    while (!bytes_to_write.empty()) {
      auto place = at(offset);
      DWORD moved = 0;
      if (::WriteFile(win32::to_handle(file.get()), bytes_to_write.data(),
                      static_cast<DWORD>(bytes_to_write.size()), &moved, &place) == 0 ||
          moved == 0)
        fail("write");
      bytes_to_write = bytes_to_write.subspan(moved);
      offset += moved;
    }
  }
  void read_all(std::span<std::byte> into, std::uint64_t offset) const {
    while (!into.empty()) {
      auto place = at(offset);
      DWORD moved = 0;
      const bool is_read = ::ReadFile(win32::to_handle(file.get()), into.data(),
                                      static_cast<DWORD>(into.size()), &moved, &place) != 0;
      if (!is_read && ::GetLastError() != ERROR_HANDLE_EOF) fail("read");
      if (moved == 0) {
        throw Error(ErrorKind::failed, fmt::format("cannot read {}: it ends after {} bytes, expected {}",
                                                   printable(name), offset, bytes));
      }
      into = into.subspan(moved);
      offset += moved;
    }
  }

  // How much of a piece is whole sectors; what is left is less than one. Pieces begin with a sector.
  std::size_t whole_sectors(std::size_t size) const {
    return is_disk ? size / kLargestSector * kLargestSector : size;
  }
  // A sector, or what the disk has of it.
  std::span<std::byte> last_sector(Sector& sector, std::uint64_t offset) const {
    return std::span(sector.bytes).first(std::min<std::uint64_t>(kLargestSector, bytes - offset));
  }
};

BlockDevice::BlockDevice(const std::filesystem::path& path) : state_(std::make_unique<State>()) {
  auto& state = *state_;
  state.name = path.string();
  const auto number = win32::disk_number(path);
  state.is_disk = number.has_value();
  if (number) win32::for_each_volume([&](const auto& volume) { state.lock_volume(volume, *number); });
  const auto name = number ? win32::wide(state.name) : win32::long_path(path);
  const DWORD flags = number ? FILE_FLAG_NO_BUFFERING | FILE_FLAG_WRITE_THROUGH : 0;
  state.file = Descriptor(win32::to_descriptor(::CreateFileW(
      name.c_str(), GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | (number ? FILE_SHARE_WRITE : 0), nullptr,
      OPEN_EXISTING, flags, nullptr)));
  if (!state.file) state.fail("open");
  LARGE_INTEGER size{};
  if (number) {
    GET_LENGTH_INFORMATION length{};
    DWORD count = 0;
    if (::DeviceIoControl(win32::to_handle(state.file.get()), IOCTL_DISK_GET_LENGTH_INFO, nullptr, 0, &length,
                          sizeof length, &count, nullptr) == 0)
      state.fail("tell the size of");
    size = length.Length;
  } else if (::GetFileSizeEx(win32::to_handle(state.file.get()), &size) == 0) {
    state.fail("tell the size of");
  }
  state.bytes = static_cast<std::uint64_t>(size.QuadPart);
}

BlockDevice::BlockDevice(BlockDevice&&) noexcept = default;
BlockDevice::~BlockDevice() = default;

std::uint64_t BlockDevice::bytes() const {
  return state_->bytes;
}

void BlockDevice::write_at(ByteView bytes, std::uint64_t offset) {
  const auto whole = state_->whole_sectors(bytes.size());
  state_->write_all(bytes.first(whole), offset);
  if (whole == bytes.size()) return;
  Sector sector{};
  const auto last = state_->last_sector(sector, offset + whole);
  state_->read_all(last, offset + whole);
  std::ranges::copy(bytes.subspan(whole), last.begin());
  state_->write_all(last, offset + whole);
}

void BlockDevice::read_at(std::span<std::byte> into, std::uint64_t offset) {
  const auto whole = state_->whole_sectors(into.size());
  state_->read_all(into.first(whole), offset);
  if (whole == into.size()) return;
  Sector sector{};
  const auto last = state_->last_sector(sector, offset + whole);
  state_->read_all(last, offset + whole);
  std::ranges::copy(last.first(into.size() - whole), into.begin() + static_cast<std::ptrdiff_t>(whole));
}

// Disks are written through, and read past the cache; some of their drivers know no flush.
void BlockDevice::sync() {
  const bool is_flushed = ::FlushFileBuffers(win32::to_handle(state_->file.get())) != 0;
  if (!is_flushed && !(state_->is_disk && ::GetLastError() == ERROR_INVALID_FUNCTION)) state_->fail("flush");
}

void BlockDevice::rescan() {
  if (state_->is_disk) control(state_->file, IOCTL_DISK_UPDATE_PROPERTIES);
}

}  // namespace gopack
