// Zstandard (RFC 8878) in independent frames with a seek table: every tool decompresses it, and some read any
// part of it (zstd's "seekable format" 0.1.0). Private to image.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "gopack/base/bytes.hpp"
#include "gopack/base/file.hpp"

struct ZSTD_CCtx_s;

namespace gopack::image {

class SeekableZstd final : public ByteSink {
 public:
  // `out` outlives this object. Throws Error (failed).
  explicit SeekableZstd(File& out);
  void write(ByteView bytes) override;
  // Writes the last frame and the seek table. To be called once, at the end.
  void finish();

 private:
  void end_frame();

  File& out_;
  std::unique_ptr<ZSTD_CCtx_s, std::size_t (*)(ZSTD_CCtx_s*)> context_;
  std::vector<std::byte> frame_;       // what is to be compressed
  std::vector<std::byte> compressed_;  // room for that
  std::string table_;                  // entries of the seek table
};

}  // namespace gopack::image
