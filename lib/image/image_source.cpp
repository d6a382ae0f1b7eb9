#include "image_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "gopack/base/error.hpp"
#include "gopack/base/report.hpp"

namespace gopack::image {

void PartReader::read(std::vector<std::byte>& block) {
  constexpr std::size_t kBlockBytes = 256 << 10;
  throw_if_stopped(stop_);
  block.resize(kBlockBytes);
  std::size_t filled = 0;
  while (filled < block.size() && part_ < parts_.size()) {
    const auto& part = parts_[part_];
    if (done_ == 0) begin(part);
    const auto room = std::min<std::uint64_t>(block.size() - filled, part.bytes - done_);
    const auto count = fill(part, std::span(block).subspan(filled, room));
    filled += count;
    done_ += count;
    if (done_ < part.bytes) continue;
    finish(part);
    ++part_;
    done_ = 0;
  }
  block.resize(filled);
}

const tree::ListedFile& PartReader::listed(const Part& part) const {
  return files_.files()[std::get<FileContent>(part.content).index];
}

void PartReader::begin(const Part& part) {
  if (const auto* make = std::get_if<MakeText>(&part.content)) {
    made_ = (*make)();
    text_ = made_;
  } else if (const auto* content = std::get_if<FileContent>(&part.content)) {
    auto opened = files_.open(content->index);
    if (const auto* text = std::get_if<std::string_view>(&opened)) text_ = *text;
    if (auto* file = std::get_if<File>(&opened)) file_.emplace(std::move(*file));
  }
}

std::size_t PartReader::fill(const Part& part, std::span<std::byte> into) {
  if (std::holds_alternative<Zeros>(part.content)) {
    std::fill(into.begin(), into.end(), std::byte{0});
    return into.size();
  }
  if (!file_) {
    std::memcpy(into.data(), text_.data() + done_, into.size());
    return into.size();
  }
  const auto count = file_->read(into);
  if (count == 0) {
    throw Error(ErrorKind::integrity, fmt::format("cannot make the image: {} has {} bytes, expected {}",
                                                  printable(listed(part).path.text()), done_, part.bytes))
        .with_hint("run `gopack verify`, then `gopack repair`");
  }
  hasher_.write(into.first(count));
  return count;
}

void PartReader::finish(const Part& part) {
  if (!file_) return;
  file_.reset();
  const auto& expected = listed(part);
  const auto found = hasher_.finish();
  if (found == expected.sha256) return;
  throw Error(ErrorKind::integrity,
              fmt::format("cannot make the image: {} is damaged: its sha256 is {}, expected {}",
                          printable(expected.path.text()), found.hex(), expected.sha256.hex()))
      .with_hint("run `gopack verify`, then `gopack repair`");
}

}  // namespace gopack::image
