// An image as the sequence of its parts: known in full before the first byte is written, made one at a time.
// Private to image.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "gopack/image/image.hpp"
#include "little_endian.hpp"

namespace gopack::image {

struct Zeros {};
using MakeText = std::function<std::string()>;  // makes exactly the part's bytes
struct FileContent {
  std::size_t index = 0;  // in the tree::FileList
};

struct Part {
  std::uint64_t bytes = 0;
  std::variant<Zeros, MakeText, FileContent> content;
};

// Parts in the order of their places, which begin at 0.
class Parts {
 public:
  // Of many parts: room that is not used takes no memory; growing would take it twice.
  void reserve(std::size_t count) { parts_.reserve(count); }
  void add(std::uint64_t bytes, std::variant<Zeros, MakeText, FileContent> content) {
    if (bytes == 0) return;
    parts_.push_back({bytes, std::move(content)});
    end_ += bytes;
  }
  void add(std::string text) {
    const auto bytes = text.size();
    add(bytes, [text = std::move(text)] { return text; });
  }
  // Zeros up to `offset`, which is not before the end.
  void fill_to(std::uint64_t offset) { add(offset - end_, Zeros{}); }
  // Zeros up to `offset` that no range has.
  void skip_to(std::uint64_t offset) {
    if (end_ > begin_) ranges_.push_back({begin_, end_ - begin_});
    fill_to(offset);
    begin_ = offset;
  }

  std::uint64_t end() const { return end_; }
  const std::vector<Part>& all() const { return parts_; }
  // What lies between what was skipped; that behind the last skip is not among them.
  const std::vector<MappedRange>& ranges() const { return ranges_; }

 private:
  std::vector<Part> parts_;
  std::vector<MappedRange> ranges_;
  std::uint64_t begin_ = 0;  // of the next range
  std::uint64_t end_ = 0;
};

}  // namespace gopack::image
