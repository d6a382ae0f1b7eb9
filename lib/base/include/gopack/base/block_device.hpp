// A disk, or a file in its place, open for writing and for reading past the system's cache.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

#include "gopack/base/file.hpp"

namespace gopack {

// Used by one thread at a time. All members throw Error (failed): the device fails, or has gone away.
class BlockDevice {
 public:
  // Opens it so that no filesystem of it can be mounted meanwhile. Throws Error (busy) when it is in use.
  explicit BlockDevice(const std::filesystem::path& path);
  BlockDevice(BlockDevice&&) noexcept;
  ~BlockDevice();

  std::uint64_t bytes() const;
  void write_at(ByteView bytes, std::uint64_t offset);
  // All of `into`; an end before that is an Error.
  void read_at(std::span<std::byte> into, std::uint64_t offset);
  // All that was written is on the medium, and is read from there.
  void sync();
  // Has the system look for partitions again; where it cannot, nothing happens.
  void rescan();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace gopack
