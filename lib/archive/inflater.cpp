#include "inflater.hpp"

#include <isa-l.h>

#include <algorithm>
#include <cstring>

#include "refusal.hpp"

namespace gopack::archive {

namespace {

constexpr std::size_t kWindow = 32 << 10;  // that DEFLATE looks back
constexpr std::size_t kBlock = 256 << 10;
// Fewer bytes than the header of a block with its own Huffman codes has. ISA-L says where a header starts
// when its input ends within one.
constexpr std::size_t kSearchStep = 64;

}  // namespace

Inflater::Inflater(ByteSource& compressed, Framing framing, std::vector<AccessPoint>* points)
    : compressed_(compressed),
      framing_(framing),
      state_(std::make_unique<inflate_state>()),
      buffer_(kWindow + kBlock),
      points_(points) {
  restart();
}

Inflater::~Inflater() = default;

void Inflater::restart() {
  isal_inflate_init(state_.get());
  state_->crc_flag = framing_ == Framing::gzip ? ISAL_GZIP : ISAL_GZIP_NO_HDR;
  is_whole_ = true;
  input_ = {};
}

void Inflater::restart(const AccessPoint& point) {
  isal_inflate_init(state_.get());
  auto window = point.window;
  isal_inflate_set_dict(state_.get(), reinterpret_cast<std::uint8_t*>(window.data()),
                        static_cast<std::uint32_t>(window.size()));
  is_whole_ = false;
  input_ = compressed_.next();
  const auto used = point.bits % 8;
  if (used == 0 || input_.empty()) return;
  state_->read_in = std::to_integer<std::uint64_t>(input_.front()) >> used;
  state_->read_in_length = static_cast<std::int32_t>(8 - used);
  input_ = input_.subspan(1);
}

std::uint32_t Inflater::crc() const {
  return state_->crc;
}

std::uint64_t Inflater::produced() const {
  return returned_ + kBlock - state_->avail_out;
}

void Inflater::feed() {
  if (input_.empty()) input_ = compressed_.next();
  const auto piece = input_.first(is_searching() ? std::min(kSearchStep, input_.size()) : input_.size());
  // ISA-L's input is not const, but only read.
  state_->next_in = const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(piece.data()));
  state_->avail_in = static_cast<std::uint32_t>(piece.size());
  input_ = input_.subspan(piece.size());
  consumed_ += piece.size();
}

// While there is room, all that has been inflated lies in the buffer.
void Inflater::find_point() {
  if (!is_searching() || state_->block_state != ISAL_BLOCK_HDR || state_->avail_out == 0) return;
  const auto bits = (consumed_ - static_cast<std::uint64_t>(state_->tmp_in_size)) * 8 -
                    static_cast<std::uint64_t>(state_->read_in_length);
  const auto* window = reinterpret_cast<const char*>(state_->next_out) - kWindow;
  points_->push_back({produced(), bits, std::string(window, kWindow)});
  next_point_ = produced() + kPointDistance;
}

bool Inflater::step() {
  if (state_->avail_in == 0) feed();
  const auto input_before = state_->avail_in;
  const auto output_before = state_->avail_out;
  const int status = isal_inflate(state_.get());
  if (status == ISAL_INCORRECT_CHECKSUM) refuse_archive("its gzip checksum or length is wrong");
  if (status < 0) refuse_archive("its compressed data is damaged");
  if (state_->block_state == ISAL_BLOCK_FINISH) {
    if (is_whole_ && (state_->avail_in > 0 || !input_.empty() || !compressed_.next().empty()))
      refuse_archive("data follows its compressed data");
    return false;
  }
  if (state_->avail_in == input_before && state_->avail_out == output_before) {
    refuse_archive("its compressed data is cut off");
  }
  find_point();
  return state_->avail_out > 0;
}

ByteView Inflater::next() {
  if (points_ != nullptr) std::memmove(buffer_.data(), buffer_.data() + size_, kWindow);
  returned_ += size_;
  state_->next_out = reinterpret_cast<std::uint8_t*>(buffer_.data()) + kWindow;
  state_->avail_out = kBlock;
  if (state_->block_state != ISAL_BLOCK_FINISH) {
    while (step()) continue;
  }
  size_ = kBlock - state_->avail_out;
  return {buffer_.data() + kWindow, size_};
}

}  // namespace gopack::archive
