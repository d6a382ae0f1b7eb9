#include "zstd_stream.hpp"

#include <fmt/format.h>
#include <zstd.h>

#include <algorithm>
#include <bit>
#include <new>

#include "gopack/base/error.hpp"

namespace gopack::pack {

namespace {

constexpr int kSmallestWindowLog = 10;

std::size_t check(std::size_t result) {
  if (ZSTD_isError(result) == 0) return result;
  throw Error(ErrorKind::failed, fmt::format("cannot compress: {}", ZSTD_getErrorName(result)));
}

Error damaged(std::string_view reason) {
  return {ErrorKind::integrity, fmt::format("its compressed data {}", reason)};
}

}  // namespace

Compressor::Compressor(ByteSink& to, int level, std::uint64_t size, ByteView base)
    : to_(to), context_(ZSTD_createCCtx(), ZSTD_freeCCtx), out_(ZSTD_CStreamOutSize()) {
  if (!context_) throw std::bad_alloc();
  const auto set = [&](ZSTD_cParameter parameter, int value) {
    check(ZSTD_CCtx_setParameter(context_.get(), parameter, value));
  };
  set(ZSTD_c_compressionLevel, level);
  set(ZSTD_c_checksumFlag, 1);
  if (!base.empty()) {
    // Both have to lie in the window for all of the base to be of use.
    const auto both = static_cast<int>(std::bit_width(base.size() + size));
    set(ZSTD_c_windowLog, std::clamp(both, kSmallestWindowLog, kLargestWindowLog));
    check(ZSTD_CCtx_refPrefix(context_.get(), base.data(), base.size()));
  }
  check(ZSTD_CCtx_setPledgedSrcSize(context_.get(), size));
}

void Compressor::write(ByteView bytes) {
  give(bytes, false);
}

void Compressor::finish() {
  give({}, true);
}

void Compressor::give(ByteView bytes, bool is_last) {
  ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
  for (bool is_done = false; !is_done;) {
    ZSTD_outBuffer out{out_.data(), out_.size(), 0};
    const auto left =
        check(ZSTD_compressStream2(context_.get(), &out, &in, is_last ? ZSTD_e_end : ZSTD_e_continue));
    to_.write(ByteView(out_).first(out.pos));
    is_done = is_last ? left == 0 : in.pos == in.size;
  }
}

Decompressor::Decompressor(ByteSource& from, ByteView base)
    : from_(from), context_(ZSTD_createDCtx(), ZSTD_freeDCtx), out_(ZSTD_DStreamOutSize()) {
  if (!context_) throw std::bad_alloc();
  check(ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, kLargestWindowLog));
  if (!base.empty()) check(ZSTD_DCtx_refPrefix(context_.get(), base.data(), base.size()));
}

ByteView Decompressor::next() {
  ZSTD_outBuffer out{out_.data(), out_.size(), 0};
  while (out.pos == 0 && !is_at_end_) {
    if (in_.empty() && !is_full_) {
      in_ = from_.next();
      if (in_.empty()) throw damaged("ends too early");
    }
    ZSTD_inBuffer in{in_.data(), in_.size(), 0};
    const auto left = ZSTD_decompressStream(context_.get(), &out, &in);
    if (ZSTD_isError(left) != 0) throw damaged("is damaged");
    in_ = in_.subspan(in.pos);
    is_full_ = out.pos == out.size;
    is_at_end_ = left == 0;
    if (is_at_end_ && (!in_.empty() || !from_.next().empty())) throw damaged("goes on behind its end");
  }
  return ByteView(out_).first(out.pos);
}

}  // namespace gopack::pack
