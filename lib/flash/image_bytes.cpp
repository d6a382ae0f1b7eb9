#include "image_bytes.hpp"

#include <fmt/format.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "gopack/base/error.hpp"
#include "gopack/base/report.hpp"

namespace gopack::flash {

namespace {

constexpr std::uint64_t kSkippableFrame = 0x184D2A50;  // to …5F (RFC 8878, 3.1.2)
constexpr std::uint64_t kFrame = 0xFD2FB528;
constexpr std::uint64_t kSeekTable = 0x8F92EAB1;  // zstd's seekable format 0.1.0

Error damaged(const File& file, std::string_view reason) {
  return Error(ErrorKind::integrity, fmt::format("cannot read {}: {}", printable(file.name()), reason))
      .with_hint("make or copy the image again");
}

class RawBytes final : public ImageBytes {
 public:
  explicit RawBytes(File file) : file_(std::move(file)) {}

  void read_at(std::span<std::byte> into, std::uint64_t offset) override {
    while (!into.empty()) {
      const auto count = file_.read_at(into, offset);
      if (count == 0) throw damaged(file_, fmt::format("it ends after {} bytes", offset));
      into = into.subspan(count);
      offset += count;
    }
  }

  void require_end(std::uint64_t offset) override {
    std::byte more{};
    if (file_.read_at({&more, 1}, offset) > 0)
      throw damaged(file_, fmt::format("it has become larger than {} bytes", offset));
  }

 private:
  File file_;
};

class ZstdBytes final : public ImageBytes {
 public:
  ZstdBytes(File file, std::stop_token stop)
      : file_(std::move(file)),
        stop_(std::move(stop)),
        context_(ZSTD_createDCtx(), ZSTD_freeDCtx),
        compressed_(ZSTD_DStreamInSize()),
        skipped_(ZSTD_DStreamOutSize()) {
    if (!context_) throw std::bad_alloc();
    file_.seek(0);
  }

  void read_at(std::span<std::byte> into, std::uint64_t offset) override {
    while (at_ < offset) {
      const auto count = std::min<std::uint64_t>(offset - at_, skipped_.size());
      if (produce(std::span(skipped_).first(count)) == 0) throw ended();
    }
    while (!into.empty()) {
      const auto count = produce(into);
      if (count == 0) throw ended();
      into = into.subspan(count);
    }
  }

  void require_end(std::uint64_t offset) override {
    read_at({}, offset);
    if (produce(skipped_) > 0) throw damaged(file_, fmt::format("it has more than {} bytes", offset));
  }

  std::uint64_t count_all() {
    while (produce(skipped_) > 0) continue;
    return at_;
  }

 private:
  Error ended() const { return damaged(file_, fmt::format("it ends after {} bytes", at_)); }

  // 0 at the end, which is one of a frame.
  std::size_t produce(std::span<std::byte> into) {
    ZSTD_outBuffer out{into.data(), into.size(), 0};
    while (out.pos == 0) {
      throw_if_stopped(stop_);
      if (in_.pos == in_.size) in_ = {compressed_.data(), file_.read(compressed_), 0};
      const bool is_at_end = in_.size == 0;
      if (is_at_end && is_between_frames_) return 0;
      const auto left = ZSTD_decompressStream(context_.get(), &out, &in_);
      if (ZSTD_getErrorCode(left) == ZSTD_error_frameParameter_windowTooLarge) {
        throw Error(ErrorKind::usage, fmt::format("cannot read {}: unpacking it takes too much memory",
                                                  printable(file_.name())))
            .with_hint("unpack it first: zstd -d --long=31");
      }
      if (ZSTD_isError(left) != 0) throw damaged(file_, "its compression is damaged");
      if (is_at_end && out.pos == 0) throw damaged(file_, "it ends within a frame");
      is_between_frames_ = left == 0;
    }
    at_ += out.pos;
    return out.pos;
  }

  File file_;
  std::stop_token stop_;
  std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx*)> context_;
  std::vector<std::byte> compressed_;
  std::vector<std::byte> skipped_;  // what nobody wants
  ZSTD_inBuffer in_{nullptr, 0, 0};
  bool is_between_frames_ = true;
  std::uint64_t at_ = 0;  // bytes of the image that were produced
};

std::uint64_t little_endian(std::span<const std::byte> bytes) {
  std::uint64_t number = 0;
  for (std::size_t i = bytes.size(); i-- > 0;)
    number = number << 8 | std::to_integer<std::uint64_t>(bytes[i]);
  return number;
}

// The sum of its frames, as a seek table without checksums tells it, which is all of the file's end.
std::optional<std::uint64_t> size_by_seek_table(const File& file, std::uint64_t file_size) {
  constexpr std::size_t kHeader = 8;
  constexpr std::size_t kFooter = 9;
  constexpr std::size_t kEntry = 8;
  std::array<std::byte, kFooter> footer{};
  if (file_size < kHeader + kFooter || file.read_at(footer, file_size - kFooter) != kFooter)
    return std::nullopt;
  const auto view = std::span<const std::byte>(footer);
  const auto entries = little_endian(view.first(4)) * kEntry;
  if (little_endian(view.subspan(5)) != kSeekTable || view[4] != std::byte{0}) return std::nullopt;
  if (entries + kHeader + kFooter > file_size || entries > (8 << 20)) return std::nullopt;
  std::vector<std::byte> table(entries);
  if (file.read_at(table, file_size - kFooter - entries) != entries) return std::nullopt;
  std::uint64_t size = 0;
  for (std::size_t i = 0; i < entries; i += kEntry)
    size += little_endian(std::span<const std::byte>(table).subspan(i + 4, 4));
  return size;
}

bool is_zstd(const File& file) {
  std::array<std::byte, 4> start{};
  if (file.read_at(start, 0) != start.size()) return false;
  const auto magic = little_endian(start);
  return magic == kFrame || (magic & ~std::uint64_t{15}) == kSkippableFrame;
}

// What the file is compressed with, other than Zstandard; empty where it is not.
std::string_view other_compression(const File& file) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kStarts = {{{"\x1F\x8B", "gzip"},
                                                                                     {"\xFD"
                                                                                      "7zXZ",
                                                                                      "xz"},
                                                                                     {"BZh", "bzip2"},
                                                                                     {"PK\x03\x04", "zip"},
                                                                                     {"7z\xBC\xAF", "7z"}}};
  std::array<char, 8> start{};
  const auto count = file.read_at(std::as_writable_bytes(std::span(start)), 0);
  const std::string_view text(start.data(), count);
  const auto* const known = std::find_if(kStarts.begin(), kStarts.end(),
                                         [&](const auto& each) { return text.starts_with(each.first); });
  return known == kStarts.end() ? std::string_view() : known->second;
}

}  // namespace

File open_image_file(const std::filesystem::path& path) {
  std::error_code ignored;
  const auto type = std::filesystem::status(path, ignored).type();
  if (type != std::filesystem::file_type::regular && type != std::filesystem::file_type::not_found) {
    throw Error(ErrorKind::usage, fmt::format("cannot read {}: it is not a file", printable(path)))
        .with_hint("name an image, such as stick.img");
  }
  auto file = File::open(path);
  if (file.status().size == 0) {
    throw Error(ErrorKind::usage, fmt::format("cannot read {}: it is empty", printable(path)))
        .with_hint("name an image, such as stick.img");
  }
  const auto compression = other_compression(file);
  if (compression.empty()) return file;
  throw Error(ErrorKind::usage,
              fmt::format("cannot write {}: it is compressed with {}", printable(path), compression))
      .with_hint("unpack it first; of compressed images, those of zstd are read as they are");
}

OpenedImage open_image(const std::filesystem::path& path, const std::stop_token& stop) {
  auto file = open_image_file(path);
  const auto bytes = file.status().size;
  if (!is_zstd(file)) return {std::make_unique<RawBytes>(std::move(file)), bytes, false};
  auto size = size_by_seek_table(file, bytes);
  if (!size) size = ZstdBytes(File::open(path), stop).count_all();
  if (*size == 0) throw damaged(file, "it has nothing in it");
  return {std::make_unique<ZstdBytes>(std::move(file), stop), *size, true};
}

}  // namespace gopack::flash
