// Zstandard (RFC 8878) as streams. Private to pack.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "gopack/base/bytes.hpp"

struct ZSTD_CCtx_s;
struct ZSTD_DCtx_s;

namespace gopack::pack {

// Compresses `size` bytes into one frame, with its size and a checksum.
class Compressor final : public ByteSink {
 public:
  // `to` outlives this object. `base`: bytes that the content is like, which who unpacks it has as well; they
  // outlive this object.
  Compressor(ByteSink& to, int level, std::uint64_t size, ByteView base = {});
  void write(ByteView bytes) override;
  // After the last byte.
  void finish();

 private:
  void give(ByteView bytes, bool is_last);

  ByteSink& to_;
  std::unique_ptr<ZSTD_CCtx_s, std::size_t (*)(ZSTD_CCtx_s*)> context_;
  std::vector<std::byte> out_;
};

// The largest window that is unpacked: what a frame takes of memory.
inline constexpr int kLargestWindowLog = 25;  // 32 MiB

// Unpacks one frame, which is all that the source has. Throws Error (integrity).
class Decompressor final : public ByteSource {
 public:
  // `from` outlives this object. `base` as above.
  explicit Decompressor(ByteSource& from, ByteView base = {});
  ByteView next() override;

 private:
  ByteSource& from_;
  std::unique_ptr<ZSTD_DCtx_s, std::size_t (*)(ZSTD_DCtx_s*)> context_;
  std::vector<std::byte> out_;
  ByteView in_;
  bool is_full_ = false;  // there may be more without more input
  bool is_at_end_ = false;
};

}  // namespace gopack::pack
