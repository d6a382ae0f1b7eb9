// The bytes of an image file, raw or compressed, read once from start to end. Private to flash.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <stop_token>

#include "gopack/base/file.hpp"

namespace gopack::flash {

class ImageBytes {
 public:
  virtual ~ImageBytes() = default;
  // Fills `into` from `offset`, which is not before the end of what was read last. Throws Error (integrity)
  // where the image ends before that or its compression is damaged.
  virtual void read_at(std::span<std::byte> into, std::uint64_t offset) = 0;
  // Throws Error (integrity) where something comes behind that offset, or the end is damaged.
  virtual void require_end(std::uint64_t offset) = 0;
};

struct OpenedImage {
  std::unique_ptr<ImageBytes> bytes;
  std::uint64_t size = 0;  // of the image itself
  bool is_compressed = false;
};

// Throws Error: usage for what is not a file, is empty, or is compressed with something else than Zstandard.
File open_image_file(const std::filesystem::path& path);

// A compressed image that does not say its size is decompressed once to learn it. Throws Error, interrupted
// too.
OpenedImage open_image(const std::filesystem::path& path, const std::stop_token& stop);

}  // namespace gopack::flash
