#include "bsdiff.hpp"

#include <divsufsort.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <new>
#include <span>
#include <vector>

#include "gopack/base/error.hpp"
#include "gopack/base/report.hpp"
#include "gopack/pack/packs.hpp"
#include "zstd_stream.hpp"

namespace gopack::pack {

namespace {

// Numbers as in Protocol Buffers: seven bits a byte, the lowest first; the sign in the lowest bit.
void put_number(std::string& into, std::uint64_t number) {
  for (; number >= 0x80; number >>= 7) into += static_cast<char>(number | 0x80);
  into += static_cast<char>(number);
}
std::uint64_t fold_sign(std::int64_t number) {
  return (static_cast<std::uint64_t>(number) << 1) ^ static_cast<std::uint64_t>(number >> 63);
}
std::int64_t unfold_sign(std::uint64_t folded) {
  return static_cast<std::int64_t>((folded >> 1) ^ (~(folded & 1) + 1));
}

struct Match {
  std::size_t at = 0;  // in the base
  std::size_t length = 0;
};

// Where the base has the longest text that another one starts with.
class SuffixArray {
 public:
  explicit SuffixArray(std::span<const std::uint8_t> text) : text_(text), order_(text.size()) {
    if (divsufsort(text.data(), order_.data(), static_cast<saidx_t>(text.size())) != 0)
      throw std::bad_alloc();
  }

  Match find(std::span<const std::uint8_t> wanted) const {
    std::size_t first = 0;
    std::size_t last = order_.size();
    while (last - first > 1) {
      const auto middle = first + (last - first) / 2;
      const auto suffix = text_.subspan(static_cast<std::size_t>(order_[middle]));
      const auto order = std::memcmp(suffix.data(), wanted.data(), std::min(suffix.size(), wanted.size()));
      (order <= 0 ? first : last) = middle;
    }
    Match best;
    for (const auto i : {first, last}) {
      if (i >= order_.size()) continue;
      const auto at = static_cast<std::size_t>(order_[i]);
      const auto suffix = text_.subspan(at);
      const auto end = std::mismatch(suffix.begin(), suffix.end(), wanted.begin(), wanted.end()).first;
      const auto length = static_cast<std::size_t>(end - suffix.begin());
      if (length > best.length) best = {at, length};
    }
    return best;
  }

 private:
  std::span<const std::uint8_t> text_;
  std::vector<saidx_t> order_;
};

// What the three streams are made of.
struct Streams {
  std::string control;
  std::string differences;
  std::string added;
};

class DiffMaker {
 public:
  DiffMaker(std::span<const std::uint8_t> base, std::span<const std::uint8_t> target,
            const std::stop_token& stop)
      : base_(base), target_(target), stop_(stop), suffixes_(base) {}

  Streams make() && {
    for (std::size_t scan = 0;;) {
      const auto match = find_next(scan);
      emit(scan, match);
      if (scan == target_.size()) break;
      scan += match.length;
    }
    return std::move(streams_);
  }

 private:
  bool is_equal_at(std::size_t at) const {  // where the region before goes on
    const auto in_base = static_cast<std::int64_t>(at) + shift_;
    return in_base >= 0 && static_cast<std::size_t>(in_base) < base_.size() &&
           base_[static_cast<std::size_t>(in_base)] == target_[at];
  }

  // The next place, from `scan` on, which another part of the base fits better than the region before: by
  // more than eight bytes. `scan` is moved there; at the target's end the match is empty.
  Match find_next(std::size_t& scan) const {
    constexpr std::size_t kBetter = 8;  // bytes
    constexpr std::size_t kLookUp = 4096;
    std::size_t counted = scan;  // up to where the region before was compared
    std::size_t equal = 0;       // bytes of the match that it has as well
    for (; scan < target_.size(); ++scan) {
      if (scan % kLookUp == 0) throw_if_stopped(stop_);
      const auto match = suffixes_.find(target_.subspan(scan));
      for (; counted < scan + match.length; ++counted) equal += is_equal_at(counted) ? 1 : 0;
      if (match.length == equal && match.length > 0) {  // the region before goes on just as well
        scan += match.length;
        equal = 0;
        counted = scan;
        --scan;
        continue;
      }
      if (match.length > equal + kBetter) return match;
      if (counted > scan && is_equal_at(scan)) --equal;
      counted = std::max(counted, scan + 1);
    }
    scan = target_.size();
    return {};
  }

  // How far a region reaches where most of its bytes are equal.
  template <typename IsEqual>
  static std::size_t reach(std::size_t most, IsEqual is_equal) {
    std::int64_t score = 0;
    std::int64_t best = 0;
    std::size_t length = 0;
    for (std::size_t i = 0; i < most; ++i) {
      score += is_equal(i) ? 1 : -1;
      if (score > best) {
        best = score;
        length = i + 1;
      }
    }
    return length;
  }

  // The region before ends somewhere before `scan`, where that of `match` begins.
  void emit(std::size_t scan, const Match& match) {
    const auto between = scan - target_at_;
    auto forward = reach(std::min(between, base_.size() - base_at_),
                         [&](std::size_t i) { return base_[base_at_ + i] == target_[target_at_ + i]; });
    std::size_t backward = 0;
    if (scan < target_.size()) {
      backward = reach(std::min(between, match.at),
                       [&](std::size_t i) { return base_[match.at - 1 - i] == target_[scan - 1 - i]; });
    }
    if (forward + backward > between) divide_overlap(scan, match, forward, backward);
    for (std::size_t i = 0; i < forward; ++i)
      streams_.differences += static_cast<char>(target_[target_at_ + i] - base_[base_at_ + i]);
    const auto added = between - forward - backward;
    streams_.added.append(reinterpret_cast<const char*>(target_.data()) + target_at_ + forward, added);
    put_region(forward, added);
    target_at_ = scan - backward;
    base_at_ = match.at - backward;
    shift_ = static_cast<std::int64_t>(match.at) - static_cast<std::int64_t>(scan);
  }

  void put_region(std::size_t subtracted, std::size_t added) {
    if (subtracted + added == 0) return;
    const auto seek = static_cast<std::int64_t>(base_at_) - static_cast<std::int64_t>(base_end_);
    put_number(streams_.control, fold_sign(seek));
    put_number(streams_.control, subtracted);
    put_number(streams_.control, added);
    base_end_ = base_at_ + subtracted;
  }

  // Both regions claim the same bytes: they are divided where the sum of equal ones is largest.
  void divide_overlap(std::size_t scan, const Match& match, std::size_t& forward,
                      std::size_t& backward) const {
    const auto overlap = forward + backward - (scan - target_at_);
    const auto first = forward - overlap;  // of the region before
    std::int64_t score = 0;
    std::int64_t best = 0;
    std::size_t taken = 0;
    for (std::size_t i = 0; i < overlap; ++i) {
      const auto byte = target_[target_at_ + first + i];
      if (byte == base_[base_at_ + first + i]) ++score;
      if (byte == base_[match.at - backward + i]) --score;
      if (score > best) {
        best = score;
        taken = i + 1;
      }
    }
    forward = first + taken;
    backward -= taken;
  }

  std::span<const std::uint8_t> base_;
  std::span<const std::uint8_t> target_;
  const std::stop_token& stop_;
  SuffixArray suffixes_;
  Streams streams_;
  std::size_t target_at_ = 0;  // where the region begins that is not emitted yet
  std::size_t base_at_ = 0;
  std::size_t base_end_ = 0;  // of the last region that was written down
  std::int64_t shift_ = 0;    // from target to base, in that region
};

std::span<const std::uint8_t> bytes_of(ByteView view) {
  return {reinterpret_cast<const std::uint8_t*>(view.data()), view.size()};
}

Error malformed_difference(std::string_view reason) {
  return {ErrorKind::integrity, fmt::format("a difference {}", reason)};
}

// Takes one number off the front of `text`.
std::uint64_t take_number(std::string_view& text) {
  std::uint64_t value = 0;
  for (int shift = 0; shift < 64 && !text.empty(); shift += 7) {
    const auto byte = static_cast<std::uint8_t>(text.front());
    text.remove_prefix(1);
    value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  throw malformed_difference("ends within a number");
}

}  // namespace

// The bytes of a frame, taken in pieces.
class DiffFrame {
 public:
  explicit DiffFrame(std::string_view compressed) : memory_(compressed), bytes_(memory_) {}

  // At least one byte and at most `most`.
  ByteView take(std::uint64_t most) {
    if (held_.empty()) held_ = bytes_.next();
    if (held_.empty()) throw malformed_difference("ends too early");
    const auto taken = held_.first(std::min<std::uint64_t>(held_.size(), most));
    held_ = held_.subspan(taken.size());
    return taken;
  }
  bool is_at_end() {
    if (held_.empty()) held_ = bytes_.next();
    return held_.empty();
  }

 private:
  MemorySource memory_;
  Decompressor bytes_;
  ByteView held_;
};

namespace {

// A number as unsigned LEB128, signed ones folded.
std::uint64_t take_number(DiffFrame& frame) {
  std::string text;
  do {
    text += as_text(frame.take(1));
  } while ((static_cast<std::uint8_t>(text.back()) & 0x80) != 0 && text.size() < 10);
  std::string_view rest = text;
  return take_number(rest);
}

}  // namespace

std::string make_diff(ByteView base, ByteView target, const std::stop_token& stop) {
  const auto streams = DiffMaker(bytes_of(base), bytes_of(target), stop).make();
  const auto control = compress_text(streams.control, {}, stop);
  const auto differences = compress_text(streams.differences, {}, stop);
  std::string diff;
  put_number(diff, control.size());
  put_number(diff, differences.size());
  return diff + control + differences + compress_text(streams.added, {}, stop);
}

struct DiffSource::State {
  State(const File& base_file, std::uint64_t base_bytes, std::uint64_t size)
      : base(base_file), base_size(base_bytes), left(size) {}

  // Of one region: bytes of differences and of new ones that are still to come.
  std::uint64_t to_subtract = 0;
  std::uint64_t to_add = 0;

  const File& base;
  std::uint64_t base_size;
  std::uint64_t left;    // of the target
  std::uint64_t at = 0;  // in the base
  std::unique_ptr<DiffFrame> control, differences, added;
  std::vector<std::byte> block;

  void start_region() {
    const auto seek = unfold_sign(take_number(*control));
    to_subtract = take_number(*control);
    to_add = take_number(*control);
    const auto limit = static_cast<std::int64_t>(kLargestDiff);
    const auto moved = static_cast<std::int64_t>(at) + std::clamp(seek, -limit, limit);
    if (moved < 0 || static_cast<std::uint64_t>(moved) > base_size)
      throw malformed_difference("reads outside of its base");
    at = static_cast<std::uint64_t>(moved);
    if (to_subtract > base_size - at || to_subtract > left || to_add > left - to_subtract)
      throw malformed_difference("says more than there is");
    if (to_subtract + to_add == 0) throw malformed_difference("has a region of nothing");
  }

  ByteView subtract() {
    const auto delta = differences->take(to_subtract);
    block.resize(delta.size());
    for (std::size_t done = 0; done < block.size();) {
      const auto count = base.read_at(std::span(block).subspan(done), at + done);
      if (count == 0) throw malformed_difference("reads outside of its base");
      done += count;
    }
    for (std::size_t i = 0; i < block.size(); ++i)
      block[i] = static_cast<std::byte>(static_cast<unsigned>(block[i]) + static_cast<unsigned>(delta[i]));
    at += block.size();
    to_subtract -= block.size();
    return block;
  }
};

DiffSource::DiffSource(const File& base, std::uint64_t base_size, std::string_view diff, std::uint64_t size)
    : state_(std::make_unique<State>(base, base_size, size)) {
  const auto take_frame = [&](std::uint64_t bytes) {
    if (bytes > diff.size()) throw malformed_difference("ends too early");
    auto frame = std::make_unique<DiffFrame>(diff.substr(0, bytes));
    diff.remove_prefix(bytes);
    return frame;
  };
  const auto control = take_number(diff);
  const auto differences = take_number(diff);
  state_->control = take_frame(control);
  state_->differences = take_frame(differences);
  state_->added = take_frame(diff.size());
}

DiffSource::~DiffSource() = default;

ByteView DiffSource::next() {
  auto& state = *state_;
  while (state.to_subtract == 0 && state.to_add == 0 && state.left > 0) state.start_region();
  ByteView given;
  if (state.to_subtract > 0) {
    given = state.subtract();
  } else if (state.to_add > 0) {
    given = state.added->take(state.to_add);
    state.to_add -= given.size();
  } else if (!state.control->is_at_end() || !state.differences->is_at_end() || !state.added->is_at_end()) {
    throw malformed_difference("has more than its target");
  }
  state.left -= given.size();
  return given;
}

}  // namespace gopack::pack
