#include "ahead_reader.hpp"

#include <algorithm>

namespace gopack::archive {

namespace {

constexpr std::uint64_t kMostBytes = 16 << 20;  // of a part: access points may be far from each other

}  // namespace

AheadReader::AheadReader(const File& file, const std::vector<AccessPoint>& points,
                         const std::vector<const IndexedFile*>& wanted, unsigned threads)
    : file_(file), points_(points), other_(file, points), ahead_(threads) {
  plan(wanted);
  for (unsigned i = 0; i < threads; ++i)
    threads_.emplace_back([this](const std::stop_token& stop) { inflate_parts(stop); });
}

void AheadReader::plan(const std::vector<const IndexedFile*>& wanted) {
  std::size_t next_point = 0;
  std::uint64_t bytes = 0;  // of the last part
  const auto part_of = [&](std::uint64_t offset) -> Part& {
    bool is_new = parts_.empty() || bytes >= kMostBytes;
    for (; next_point < points_.size() && points_[next_point].offset <= offset; ++next_point) is_new = true;
    if (is_new) bytes = 0;
    return is_new ? parts_.emplace_back() : parts_.back();
  };
  for (const auto* file : wanted) {
    bool is_first = true;
    auto [offset, left] = Range{file->place.offset, file->size};
    while (left > 0) {
      auto& part = part_of(offset);
      if (is_first) places_.emplace(file, Place{parts_.size() - 1, bytes});
      is_first = false;
      const auto end = next_point < points_.size() ? points_[next_point].offset : UINT64_MAX;
      const auto size = std::min({left, end - offset, kMostBytes - bytes});
      part.ranges.push_back({offset, size});
      bytes += size;
      offset += size;
      left -= size;
    }
  }
}

void AheadReader::inflate(StreamReader& reader, Part& part, const std::stop_token& stop) const {
  std::size_t size = 0;
  for (const auto& range : part.ranges) size += range.size;
  part.bytes.reserve(size);
  for (const auto& range : part.ranges) {
    reader.seek(range.offset);
    for (auto left = range.size; left > 0 && !stop.stop_requested();) {
      const auto bytes = reader.next(left);
      part.bytes.insert(part.bytes.end(), bytes.begin(), bytes.end());
      left -= bytes.size();
    }
  }
}

void AheadReader::inflate_parts(const std::stop_token& stop) {
  std::optional<StreamReader> reader;
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, stop, [this] { return next_ >= parts_.size() || next_ <= current_ + ahead_; });
    next_ = std::max(next_, current_);
    if (stop.stop_requested() || next_ >= parts_.size()) return;
    const auto at = next_++;
    auto& part = parts_[at];
    if (!free_.empty()) {
      part.bytes = std::move(free_.back());
      part.bytes.clear();
      free_.pop_back();
    }
    lock.unlock();
    try {
      if (!reader) reader.emplace(file_, points_);
      inflate(*reader, part, stop);
    } catch (...) {
      part.failure = std::current_exception();
    }
    lock.lock();
    part.is_done = true;
    if (at < current_) free_.push_back(std::move(part.bytes));
    changed_.notify_all();
  }
}

void AheadReader::enter(std::size_t part) {
  std::unique_lock lock(mutex_);
  for (; current_ < part; ++current_) {
    if (parts_[current_].is_done) free_.push_back(std::move(parts_[current_].bytes));
  }
  changed_.notify_all();
  changed_.wait(lock, [&] { return parts_[part].is_done; });
  if (parts_[part].failure) std::rethrow_exception(parts_[part].failure);
}

void AheadReader::start(const IndexedFile& file) {
  at_.reset();
  if (const auto place = places_.find(&file); place != places_.end()) {
    at_ = place->second;
    enter(at_->part);
  } else if (file.size > 0) {
    other_.start(file);
  }
}

ByteView AheadReader::next(std::uint64_t most) {
  if (!at_) return other_.next(most);
  auto& [part, at] = *at_;
  if (at == parts_[part].bytes.size()) {
    ++part;
    at = 0;
    enter(part);
  }
  const auto rest = ByteView(parts_[part].bytes).subspan(at);
  const auto taken = rest.first(std::min<std::uint64_t>(rest.size(), most));
  at += taken.size();
  return taken;
}

}  // namespace gopack::archive
