#include "gopack/image/image_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "block_map.hpp"
#include "gopack/base/error.hpp"
#include "gopack/base/filesystem.hpp"
#include "gopack/base/read_ahead.hpp"
#include "gopack/base/replace.hpp"
#include "seekable_zstd.hpp"

namespace gopack::image {

namespace fs = std::filesystem;

namespace {

enum class Holes { written, skipped };

struct Output {
  File& file;
  Holes holes;
  ByteSink* copy = nullptr;  // takes every byte as well
};

// Takes the bytes of the mapped ranges and fills what lies between.
class Writer {
 public:
  Writer(const Outline& outline, const Output& output, std::stop_token stop)
      : outline_(outline),
        out_(output.file),
        holes_(output.holes),
        copy_(output.copy),
        stop_(std::move(stop)) {}

  void write(ByteView bytes) {
    while (!bytes.empty()) {
      if (left_ == 0) begin_range();
      const auto part = bytes.first(std::min<std::uint64_t>(bytes.size(), left_));
      out_.write(part);
      whole_.write(part);
      if (copy_ != nullptr) copy_->write(part);
      if (range_hasher_) range_hasher_->write(part);
      left_ -= part.size();
      at_ += part.size();
      bytes = bytes.subspan(part.size());
      if (left_ == 0) digests_.mapped.push_back(range_hasher_ ? range_hasher_->finish() : whole_.so_far());
    }
  }

  ImageDigests finish() {
    pass_hole(outline_.bytes);
    digests_.whole = whole_.finish();
    return std::move(digests_);
  }

 private:
  void begin_range() {
    const auto& range = outline_.mapped[digests_.mapped.size()];
    pass_hole(range.begin);
    left_ = range.bytes;
    if (range.begin > 0) range_hasher_.emplace();  // else all that was written until its end is the range
  }

  void pass_hole(std::uint64_t end) {
    static const std::vector<std::byte> zeros(256 << 10);
    if (holes_ == Holes::skipped && end > at_) out_.seek(end);
    while (at_ < end) {
      throw_if_stopped(stop_);
      const auto part = ByteView(zeros).first(std::min<std::uint64_t>(zeros.size(), end - at_));
      if (holes_ == Holes::written) out_.write(part);
      whole_.write(part);
      if (copy_ != nullptr) copy_->write(part);
      at_ += part.size();
    }
  }

  const Outline& outline_;
  File& out_;
  Holes holes_;
  ByteSink* copy_;
  std::stop_token stop_;
  digest::Hasher whole_;
  std::optional<digest::Hasher> range_hasher_;
  std::uint64_t at_ = 0;    // bytes from the start of the image
  std::uint64_t left_ = 0;  // bytes of the range
  ImageDigests digests_;
};

ImageDigests write(Image& image, const Output& output, const std::string& task, const Run& run) {
  const auto total = image.outline().mapped_bytes();
  Writer writer(image.outline(), output, run.stop);
  const auto bytes = image.open(run.stop);
  ReadAhead ahead(*bytes);
  std::uint64_t done = 0;
  for (auto block = ahead.next(); !block.empty(); block = ahead.next()) {
    writer.write(block);
    run.reporter.on(Progressed{task, done += block.size(), total});
  }
  auto digests = writer.finish();
  run.reporter.on(Finished{task});
  return digests;
}

fs::path directory_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

void require_room(const Dir& dir, const fs::path& path, std::uint64_t bytes) {
  const auto available = space_of(dir).available;
  if (bytes <= available) return;
  throw Error(ErrorKind::noroom,
              fmt::format("cannot write {}: {:.1f} MB are needed, {:.1f} MB are free there", printable(path),
                          static_cast<double>(bytes) / 1e6, static_cast<double>(available) / 1e6))
      .with_hint("free some space there, or choose another directory");
}

}  // namespace

void check_image_path(const fs::path& path) {
  std::error_code ignored;
  const auto refuse = [&](const std::string& reason, const std::string& hint) {
    throw Error(ErrorKind::usage, fmt::format("cannot write the image {}: {}", printable(path), reason))
        .with_hint(hint);
  };
  if (!path.has_filename() || fs::is_directory(path, ignored))
    refuse("it is a directory", "name a file, such as --out stick.img");
  if (fs::exists(path, ignored) && !fs::is_regular_file(path, ignored))
    refuse("it is not a file", "name a file; a stick is written from that, or from a pipe (--out -)");
  if (!fs::is_directory(directory_of(path), ignored))
    refuse("its directory does not exist", "make the directory first");
}

ImageDigests write_image(Image& image, File& out, const std::string& task, const Run& run) {
  return write(image, {out, Holes::written}, task, run);
}

ImageDigests write_image_file(Image& image, const fs::path& path, const ImageFileOptions& options,
                              const Run& run) {
  const auto dir = Dir::open(directory_of(path));
  const auto name = path.filename().string();
  require_room(dir, path, image.outline().mapped_bytes());
  ReplacingFile raw(dir, name);
  raw.file().truncate(image.outline().bytes);
  std::optional<ReplacingFile> packed;
  std::optional<SeekableZstd> zstd;
  if (options.is_compressed) zstd.emplace(packed.emplace(dir, name + ".zst").file());
  auto digests = write(image, {raw.file(), Holes::skipped, zstd ? &*zstd : nullptr}, name, run);
  if (zstd) {
    zstd->finish();
    packed->commit(options.sync);
  }
  replace_text(dir, name + ".sha256", fmt::format("{}  {}\n", digests.whole.hex(), name), options.sync);
  replace_text(dir, name + ".bmap", block_map(image.outline(), digests.mapped), options.sync);
  replace_text(dir, name + ".json", options.describe(digests), options.sync);
  raw.commit(options.sync);
  return digests;
}

}  // namespace gopack::image
