#include "image_stream.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gopack/digest/checksum_file.hpp"

namespace gopack::flash {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLargestMap = 16 << 20;  // bytes

// The text of a file beside the image; nothing where there is none.
std::optional<std::string> find_beside(const fs::path& path) {
  std::error_code ignored;
  if (!fs::is_regular_file(path, ignored)) return std::nullopt;
  return read_text(path, kLargestMap);
}

}  // namespace

ImageStream::ImageStream(const fs::path& image, const Run& run)
    : name_(printable(image)), image_(open_image(image, run.stop)), stop_(run.stop) {
  auto raw = image;
  if (image_.is_compressed && raw.extension() == ".zst") raw.replace_extension();
  ranges_ = {{0, image_.size, std::nullopt}};
  take_block_map(raw.string() + ".bmap", run);
  if (proof_ == Proof::nothing) take_sha256(raw, run);
}

void ImageStream::take_block_map(const fs::path& beside, const Run& run) {
  const auto text = find_beside(beside);
  if (!text) return;
  auto map = parse_block_map(*text);
  if (!map) {
    run.reporter.warning(fmt::format("{} is ignored: it is damaged, or not a block map with SHA-256 digests",
                                     printable(beside)),
                         "the whole image is written");
    return;
  }
  if (map->bytes != image_.size) {
    throw Error(ErrorKind::integrity, fmt::format("cannot use {}: it has {} bytes, its block map is of {}",
                                                  name_, image_.size, map->bytes))
        .with_hint("make or copy the image again, with its .bmap");
  }
  ranges_ = std::move(map->ranges);
  sha256_ = map->sha256;
  proof_ = Proof::block_map;
}

void ImageStream::take_sha256(const fs::path& raw, const Run& run) {
  const auto beside = fs::path(raw.string() + ".sha256");
  const auto text = find_beside(beside);
  if (text) {
    const auto listed = digest::parse_checksum_list(*text);
    if (const auto found = listed.find(raw.filename().string()); found != listed.end()) {
      ranges_[0].sha256 = found->second;
      proof_ = Proof::sha256;
      return;
    }
  }
  run.reporter.warning(text ? fmt::format("{} does not name {}", printable(beside), printable(raw.filename()))
                            : fmt::format("no digest is beside {}", name_),
                       "whether the image is damaged is not known");
}

std::uint64_t ImageStream::mapped_bytes() const {
  std::uint64_t sum = 0;
  for (const auto& range : ranges_) sum += range.bytes;
  return sum;
}

std::unique_ptr<Chunk> ImageStream::next() {
  throw_if_stopped(stop_);
  if (range_ == ranges_.size()) {
    image_.bytes->require_end(image_.size);
    return nullptr;
  }
  const auto& range = ranges_[range_];
  const auto begin = range.begin + at_;
  const auto bytes = std::min(range.bytes - at_, kChunk - begin % kChunk);
  auto chunk = std::make_unique<Chunk>(Chunk{begin, Block(bytes)});
  image_.bytes->read_at(chunk->content.bytes(), begin);
  hasher_.write(std::as_const(chunk->content).bytes());
  at_ += bytes;
  if (at_ == range.bytes) end_range();
  return chunk;
}

void ImageStream::end_range() {
  const auto& range = ranges_[range_];
  const auto found = hasher_.finish();
  if (range.sha256 && found != *range.sha256) {
    throw Error(ErrorKind::integrity,
                fmt::format("cannot use {}: bytes {} to {} have the SHA-256 {}, expected {}", name_,
                            range.begin, range.begin + range.bytes - 1, found.hex(), range.sha256->hex()))
        .with_hint(fmt::format("make or copy the image again, with its {}",
                               proof_ == Proof::block_map ? ".bmap" : ".sha256"));
  }
  if (proof_ != Proof::block_map) sha256_ = found;
  ++range_;
  at_ = 0;
}

}  // namespace gopack::flash
