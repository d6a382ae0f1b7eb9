// Bytes of a file by offset, through one buffer.
#pragma once

#include <vector>

#include "gopack/base/file.hpp"

namespace gopack::archive {

// Cheap when the offsets grow. What the functions return is valid until the next call.
class FileWindow {
 public:
  // More than any record of a zip archive.
  static constexpr std::size_t kCapacity = 256 << 10;

  // `file` must outlive this object.
  explicit FileWindow(const File& file) : file_(file), buffer_(kCapacity) {}

  // Exactly `size` bytes, at most kCapacity. Throws Error (unsafe) when the file ends before.
  ByteView at(std::uint64_t offset, std::size_t size);
  // One to `most` bytes, as many as come cheap; nothing when `most` is 0.
  ByteView some_at(std::uint64_t offset, std::uint64_t most);

 private:
  void fill(std::uint64_t offset);
  // What the buffer has from `offset` on.
  ByteView held(std::uint64_t offset) const;

  const File& file_;
  std::vector<std::byte> buffer_;
  std::uint64_t start_ = 0;  // the file offset of buffer_
  std::size_t size_ = 0;     // bytes in buffer_
};

// Some bytes of a file, one after another.
class WindowSource final : public ByteSource {
 public:
  // `window` must outlive this object, and be used by it alone from begin() to the end.
  explicit WindowSource(FileWindow& window) : window_(window) {}
  void begin(std::uint64_t offset, std::uint64_t size);
  ByteView next() override;

 private:
  FileWindow& window_;
  std::uint64_t offset_ = 0;
  std::uint64_t left_ = 0;
};

}  // namespace gopack::archive
