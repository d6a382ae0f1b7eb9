// The difference of two programs, by the method of Colin Percival's "Naive differences of executable code"
// (2003): matching regions are subtracted byte by byte, so that addresses which moved by the same distance
// become runs of equal bytes, and what is left is compressed well. Three streams, each a zstd frame: where to
// read and how much, differences, and bytes that are new. The container is our own (docs/formats.md). Private
// to pack.
#pragma once

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "gopack/base/bytes.hpp"
#include "gopack/base/file.hpp"

namespace gopack::pack {

// Larger files are not compared: this takes five bytes of memory for each byte of `base`, besides both.
inline constexpr std::uint64_t kLargestDiff = 64 << 20;

// Throws Error (interrupted).
std::string make_diff(ByteView base, ByteView target, const std::stop_token& stop = {});

// The target, of `size` bytes, by a difference that anybody may have made: it reads nowhere but in `base`,
// takes memory for three windows whatever it says, and throws Error (integrity) when it is malformed. Both
// arguments outlive this object.
class DiffSource final : public ByteSource {
 public:
  DiffSource(const File& base, std::uint64_t base_size, std::string_view diff, std::uint64_t size);
  ~DiffSource() override;
  DiffSource(const DiffSource&) = delete;
  DiffSource& operator=(const DiffSource&) = delete;

  ByteView next() override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace gopack::pack
