#include "seekable_zstd.hpp"

#include <fmt/format.h>
#include <zstd.h>

#include <algorithm>

#include "gopack/base/error.hpp"
#include "little_endian.hpp"

namespace gopack::image {

namespace {

constexpr std::size_t kFrameBytes = 2 << 20;  // of what is compressed
constexpr int kLevel = 3;
constexpr std::size_t kTableEntryBytes = 8;

std::size_t check(std::size_t result) {
  if (ZSTD_isError(result) == 0) return result;
  throw Error(ErrorKind::failed, fmt::format("cannot compress the image: {}", ZSTD_getErrorName(result)));
}

}  // namespace

SeekableZstd::SeekableZstd(File& out)
    : out_(out), context_(ZSTD_createCCtx(), ZSTD_freeCCtx), compressed_(ZSTD_compressBound(kFrameBytes)) {
  if (!context_) throw std::bad_alloc();
  check(ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_compressionLevel, kLevel));
  check(ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_checksumFlag, 1));
  frame_.reserve(kFrameBytes);
}

void SeekableZstd::write(ByteView bytes) {
  while (!bytes.empty()) {
    const auto part = bytes.first(std::min(bytes.size(), kFrameBytes - frame_.size()));
    frame_.insert(frame_.end(), part.begin(), part.end());
    bytes = bytes.subspan(part.size());
    if (frame_.size() == kFrameBytes) end_frame();
  }
}

void SeekableZstd::end_frame() {
  if (frame_.empty()) return;
  const auto size = check(
      ZSTD_compress2(context_.get(), compressed_.data(), compressed_.size(), frame_.data(), frame_.size()));
  out_.write({compressed_.data(), size});
  append(table_, 4, size);
  append(table_, 4, frame_.size());
  frame_.clear();
}

void SeekableZstd::finish() {
  constexpr std::uint64_t kSkippableFrame = 0x184D2A5E;
  constexpr std::uint64_t kSeekableFormat = 0x8F92EAB1;
  constexpr std::size_t kFooterBytes = 9;
  end_frame();
  std::string table;
  append(table, 4, kSkippableFrame);
  append(table, 4, table_.size() + kFooterBytes);
  table += table_;
  append(table, 4, table_.size() / kTableEntryBytes);
  append(table, 1, 0);  // without checksums: the frames have theirs
  append(table, 4, kSeekableFormat);
  out_.write(as_bytes(table));
}

}  // namespace gopack::image
