#include "file_window.hpp"

#include <algorithm>

#include "refusal.hpp"

namespace gopack::archive {

void FileWindow::fill(std::uint64_t offset) {
  start_ = offset;
  size_ = 0;
  for (std::size_t n = 1; n > 0 && size_ < buffer_.size(); size_ += n) {
    n = file_.read_at(std::span(buffer_).subspan(size_), start_ + size_);
  }
}

ByteView FileWindow::held(std::uint64_t offset) const {
  if (offset < start_ || offset - start_ >= size_) return {};
  return ByteView(buffer_).first(size_).subspan(offset - start_);
}

ByteView FileWindow::at(std::uint64_t offset, std::size_t size) {
  if (held(offset).size() < size) fill(offset);
  const auto bytes = held(offset);
  if (bytes.size() < size) refuse_archive("it is cut off");
  return bytes.first(size);
}

ByteView FileWindow::some_at(std::uint64_t offset, std::uint64_t most) {
  if (most == 0) return {};
  if (held(offset).empty()) fill(offset);
  const auto bytes = held(offset);
  if (bytes.empty()) refuse_archive("it is cut off");
  return bytes.first(std::min<std::uint64_t>(bytes.size(), most));
}

void WindowSource::begin(std::uint64_t offset, std::uint64_t size) {
  offset_ = offset;
  left_ = size;
}

ByteView WindowSource::next() {
  const auto bytes = window_.some_at(offset_, left_);
  offset_ += bytes.size();
  left_ -= bytes.size();
  return bytes;
}

}  // namespace gopack::archive
