#include "clusters.hpp"

#include "gopack/base/error.hpp"
#include "gopack/base/report.hpp"
#include "little_endian.hpp"

namespace gopack::image {

std::uint32_t FatReader::next(std::uint64_t cluster) {
  if (const auto first = cluster / kEntries * kEntries; first != first_) {
    block_ = clusters_.medium().read(clusters_.fat_offset() + 4 * first, 4 * kEntries);
    first_ = first;
  }
  return static_cast<std::uint32_t>(get(block_, 4 * (cluster - first_), 4)) & clusters_.mask();
}

std::optional<std::uint64_t> Clusters::take(const Location& location, std::optional<std::uint64_t> count,
                                            const std::string& where, Faults& faults) {
  const auto expected = [&] { return count ? fmt::format("{} clusters", *count) : "a chain of clusters"; };
  FatReader fat(*this);
  std::uint64_t cluster = location.first;
  for (std::uint64_t done = 0; !count || done < *count; ++done) {
    if (!has(cluster)) {
      faults.add(where, expected(),
                 is_end(static_cast<std::uint32_t>(cluster))
                     ? fmt::format("{}", done)
                     : fmt::format("cluster {}, which does not exist, behind {}", cluster, done));
      return std::nullopt;
    }
    if (is_taken_[cluster]) {
      faults.add(where, expected(), fmt::format("cluster {}, which is taken", cluster));
      return std::nullopt;
    }
    is_taken_[cluster] = true;
    ++taken_;
    if (location.is_consecutive) {
      ++cluster;
      continue;
    }
    cluster = fat.next(cluster);
    if (!count && is_end(static_cast<std::uint32_t>(cluster))) return done + 1;
  }
  if (!location.is_consecutive && *count > 0 && !is_end(static_cast<std::uint32_t>(cluster))) {
    faults.add(where, expected(), fmt::format("cluster {} behind them", cluster));
    return std::nullopt;
  }
  return count;
}

void ContentSource::begin_run(std::uint64_t most) {
  if (!clusters_.has(next_)) {
    throw Error(
        ErrorKind::failed,
        fmt::format("cannot read the image: a chain leads to cluster {}, which does not exist", next_));
  }
  at_ = clusters_.offset_of(next_);
  std::uint64_t count = 0;
  if (location_.is_consecutive) {
    count = std::min(most, clusters_.end() - next_);
    next_ += count;
  } else {
    for (auto expected = next_; count < most && next_ == expected && clusters_.has(next_); ++expected) {
      ++count;
      next_ = fat_.next(next_);
    }
  }
  run_left_ = count * clusters_.geometry().cluster_size;
}

ByteView ContentSource::next() {
  constexpr std::uint64_t kBlock = 256 << 10;
  constexpr std::uint64_t kMostRun = 1 << 12;  // clusters
  throw_if_stopped(stop_);
  if (done_ == length_.bytes) return {};
  const auto left = length_.bytes - done_;
  if (run_left_ == 0) begin_run(std::min(quotient_up(left, clusters_.geometry().cluster_size), kMostRun));
  block_.resize(std::min({kBlock, left, run_left_}));
  const auto valid =
      length_.valid_bytes > done_ ? std::min<std::uint64_t>(length_.valid_bytes - done_, block_.size()) : 0;
  const auto into = std::span(block_).first(valid);
  if (clusters_.medium().read(at_, into) < into.size())
    throw Error(ErrorKind::failed, fmt::format("cannot read the image: it ends before byte {}", at_ + valid));
  std::fill(block_.begin() + static_cast<std::ptrdiff_t>(valid), block_.end(), std::byte{0});
  at_ += block_.size();
  done_ += block_.size();
  run_left_ -= block_.size();
  return block_;
}

}  // namespace gopack::image
