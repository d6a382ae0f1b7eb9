#include "headed_source.hpp"

namespace gopack::trim {

HeadedSource::HeadedSource(ByteSource& upstream, std::size_t bytes) : upstream_(upstream), bytes_(bytes) {
  while (read_.size() < bytes) {
    const auto block = upstream_.next();
    ended_ = block.empty();
    if (ended_) break;
    read_ += as_text(block);
  }
}

ByteView HeadedSource::next() {
  if (!given_ && !read_.empty()) {
    given_ = true;
    return as_bytes(read_);
  }
  return ended_ ? ByteView() : upstream_.next();
}

}  // namespace gopack::trim
