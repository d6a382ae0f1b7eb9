// DEFLATE (RFC 1951) by ISA-L.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "gopack/archive/index.hpp"
#include "gopack/base/bytes.hpp"

struct inflate_state;

namespace gopack::archive {

// Inflates one stream, which must fill its source exactly: input that is damaged, cut off or goes on
// after the stream's end is an Error (unsafe).
class Inflater final : public ByteSource {
 public:
  enum class Framing {
    bare,
    gzip,  // RFC 1952: one member, whose CRC-32 and length must be right
  };
  // Nearer ones cost more to find, and to keep, than they save.
  static constexpr std::uint64_t kPointDistance = 8 << 20;
  // `compressed` must outlive this object, and so must `points`, where there are some: next() adds an access
  // point to them at the first block after each kPointDistance bytes of output.
  Inflater(ByteSource& compressed, Framing framing, std::vector<AccessPoint>* points = nullptr);
  ~Inflater() override;

  ByteView next() override;
  // Begins a new stream, from where `compressed` is now.
  void restart();
  // Goes on from an access point: `compressed` is at the byte that holds its next bit. What is there behind
  // the stream's end does not matter then, nor its checksum.
  void restart(const AccessPoint& point);
  // CRC-32 of what came out so far.
  std::uint32_t crc() const;

 private:
  bool step();  // false when no more can come
  void feed();
  void find_point();
  std::uint64_t produced() const;
  bool is_searching() const { return points_ != nullptr && produced() >= next_point_; }

  ByteSource& compressed_;
  Framing framing_;
  std::unique_ptr<inflate_state> state_;
  std::vector<std::byte> buffer_;  // the last 32 KiB of earlier output, then the present one
  bool is_whole_ = true;           // whether the stream is read from its start
  ByteView input_;                 // what ISA-L has not been given yet
  std::uint64_t consumed_ = 0;     // bytes that it has been given
  std::uint64_t returned_ = 0;     // bytes of earlier output
  std::size_t size_ = 0;           // of the last output
  std::vector<AccessPoint>* points_;
  std::uint64_t next_point_ = kPointDistance;  // the output after which one is wanted
};

}  // namespace gopack::archive
