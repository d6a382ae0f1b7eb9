#include "gopack/base/block_device.hpp"
#include "gopack/base/error.hpp"

namespace gopack {

struct BlockDevice::State {};

BlockDevice::BlockDevice(const std::filesystem::path& path) {
  throw Error(ErrorKind::failed, "cannot write " + printable(path) + ": gopack writes no disks on macOS")
      .with_hint("write the image with dd");
}

BlockDevice::BlockDevice(BlockDevice&&) noexcept = default;
BlockDevice::~BlockDevice() = default;

// Nobody has an object of this class.
std::uint64_t BlockDevice::bytes() const {
  return 0;
}
void BlockDevice::write_at(ByteView, std::uint64_t) {}
void BlockDevice::read_at(std::span<std::byte>, std::uint64_t) {}
void BlockDevice::sync() {}
void BlockDevice::rescan() {}

}  // namespace gopack
