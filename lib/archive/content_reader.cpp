#include "content_reader.hpp"

#include <algorithm>
#include <utility>

#include "refusal.hpp"

namespace gopack::archive {

namespace {

ByteView take(ByteView& rest, std::uint64_t most) {
  const auto taken = rest.first(std::min<std::uint64_t>(rest.size(), most));
  rest = rest.subspan(taken.size());
  return taken;
}

}  // namespace

ZipContentReader::ZipContentReader(const File& file)
    : window_(file), packed_(window_), inflater_(packed_, Inflater::Framing::bare) {}

void ZipContentReader::start(const IndexedFile& file) {
  packed_.begin(file.place.offset, file.place.packed);
  is_deflated_ = file.place.deflated;
  inflater_.restart();
  rest_ = {};
}

ByteView ZipContentReader::next(std::uint64_t most) {
  if (rest_.empty()) rest_ = is_deflated_ ? inflater_.next() : packed_.next();
  if (rest_.empty()) refuse_archive("it is cut off");
  return take(rest_, most);
}

StreamReader::StreamReader(const File& file, const std::vector<AccessPoint>& points)
    : points_(points),
      file_size_(file.status().size),
      window_(file),
      compressed_(window_),
      inflater_(compressed_, Inflater::Framing::gzip) {
  restart(nullptr);
}

void StreamReader::restart(const AccessPoint* point) {
  const auto start = point == nullptr ? 0 : point->bits / 8;
  compressed_.begin(start, file_size_ - std::min(start, file_size_));
  position_ = point == nullptr ? 0 : point->offset;
  rest_ = {};
  point == nullptr ? inflater_.restart() : inflater_.restart(*point);
}

void StreamReader::seek(std::uint64_t offset) {
  const auto after =
      std::upper_bound(points_.begin(), points_.end(), offset,
                       [](auto value, const AccessPoint& point) { return value < point.offset; });
  const auto* nearest = after == points_.begin() ? nullptr : &*std::prev(after);
  if (offset < position_ || (nearest != nullptr && nearest->offset > position_)) restart(nearest);
  while (position_ < offset) next(offset - position_);
}

ByteView StreamReader::next(std::uint64_t most) {
  if (rest_.empty()) rest_ = inflater_.next();
  if (rest_.empty()) refuse_archive("it is cut off");
  const auto taken = take(rest_, most);
  position_ += taken.size();
  return taken;
}

}  // namespace gopack::archive
