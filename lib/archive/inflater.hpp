// DEFLATE (RFC 1951) by ISA-L.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

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
  // `compressed` must outlive this object.
  Inflater(ByteSource& compressed, Framing framing);
  ~Inflater() override;

  ByteView next() override;
  // Begins a new stream, from where `compressed` is now.
  void restart();
  // CRC-32 of what came out so far.
  std::uint32_t crc() const;

 private:
  bool step();  // false when no more can come

  ByteSource& compressed_;
  Framing framing_;
  std::unique_ptr<inflate_state> state_;
  std::vector<std::byte> buffer_;
};

}  // namespace gopack::archive
