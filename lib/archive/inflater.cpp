#include "inflater.hpp"

#include <isa-l.h>

#include "refusal.hpp"

namespace gopack::archive {

namespace {

constexpr std::size_t kBlock = 256 << 10;

}  // namespace

Inflater::Inflater(ByteSource& compressed, Framing framing)
    : compressed_(compressed), framing_(framing), state_(std::make_unique<inflate_state>()), buffer_(kBlock) {
  restart();
}

Inflater::~Inflater() = default;

void Inflater::restart() {
  isal_inflate_init(state_.get());
  state_->crc_flag = framing_ == Framing::gzip ? ISAL_GZIP : ISAL_GZIP_NO_HDR;
}

std::uint32_t Inflater::crc() const {
  return state_->crc;
}

bool Inflater::step() {
  if (state_->avail_in == 0) {
    const auto input = compressed_.next();
    // ISA-L's input is not const, but only read.
    state_->next_in = const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(input.data()));
    state_->avail_in = static_cast<std::uint32_t>(input.size());
  }
  const auto input_before = state_->avail_in;
  const auto output_before = state_->avail_out;
  const int status = isal_inflate(state_.get());
  if (status == ISAL_INCORRECT_CHECKSUM) refuse_archive("its gzip checksum or length is wrong");
  if (status < 0) refuse_archive("its compressed data is damaged");
  if (state_->block_state == ISAL_BLOCK_FINISH) {
    if (state_->avail_in > 0 || !compressed_.next().empty())
      refuse_archive("data follows its compressed data");
    return false;
  }
  if (state_->avail_in == input_before && state_->avail_out == output_before) {
    refuse_archive("its compressed data is cut off");
  }
  return state_->avail_out > 0;
}

ByteView Inflater::next() {
  state_->next_out = reinterpret_cast<std::uint8_t*>(buffer_.data());
  state_->avail_out = static_cast<std::uint32_t>(buffer_.size());
  if (state_->block_state != ISAL_BLOCK_FINISH) {
    while (step()) continue;
  }
  return {buffer_.data(), buffer_.size() - state_->avail_out};
}

}  // namespace gopack::archive
