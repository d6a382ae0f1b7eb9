// Pieces of an image on their way to disks. Private to flash.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <span>
#include <vector>

#include "gopack/base/bytes.hpp"
#include "gopack/digest/sha256.hpp"

namespace gopack::flash {

// Where pieces begin and end, so that each is read back as it was written. Also how much of a disk's start
// is written last: partition tables and the boot sector of a filesystem without one.
inline constexpr std::uint64_t kChunk = 1 << 20;  // bytes

// Memory that disks read and write without a copy.
class Block {
 public:
  explicit Block(std::size_t size)
      : bytes_(static_cast<std::byte*>(::operator new(size, kAlignment))), size_(size) {}

  std::span<std::byte> bytes() { return {bytes_.get(), size_}; }
  ByteView bytes() const { return {bytes_.get(), size_}; }

 private:
  static constexpr std::align_val_t kAlignment{4096};
  struct Delete {
    void operator()(std::byte* bytes) const { ::operator delete(bytes, kAlignment); }
  };
  std::unique_ptr<std::byte, Delete> bytes_;
  std::size_t size_;
};

struct Chunk {
  std::uint64_t begin;  // bytes from the start of the image
  Block content;
};

// What has to be there afterwards.
struct Expected {
  std::uint64_t begin = 0;
  std::uint64_t bytes = 0;  // at most kChunk
  digest::Sha256 sha256;
};

}  // namespace gopack::flash
