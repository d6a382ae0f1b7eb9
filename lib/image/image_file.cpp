#include "gopack/image/image_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>

#include "block_map.hpp"
#include "gopack/base/error.hpp"
#include "gopack/base/filesystem.hpp"
#include "gopack/base/mount.hpp"
#include "gopack/base/replace.hpp"
#include "seekable_zstd.hpp"

namespace gopack::image {

namespace fs = std::filesystem;

namespace {

// Hashes the whole image, and each of its mapped ranges.
class ImageHasher final : public ByteSink {
 public:
  explicit ImageHasher(const Outline& outline) : ranges_(outline.mapped) {}

  void write(ByteView bytes) override {
    while (!bytes.empty()) {
      const auto part = bytes.first(std::min<std::uint64_t>(bytes.size(), next_border() - at_));
      whole_.write(part);
      if (is_in_range() && hashes_apart()) range_.write(part);
      at_ += part.size();
      bytes = bytes.subspan(part.size());
      if (is_at_end_of_range()) digests_.mapped.push_back(hashes_apart() ? range_.finish() : whole_.so_far());
    }
  }

  ImageDigests finish() {
    digests_.whole = whole_.finish();
    return std::move(digests_);
  }

 private:
  bool is_past_ranges() const { return digests_.mapped.size() == ranges_.size(); }
  const MappedRange& range() const { return ranges_[digests_.mapped.size()]; }
  bool is_in_range() const { return !is_past_ranges() && at_ >= range().begin; }
  bool is_at_end_of_range() const { return is_in_range() && at_ == range().begin + range().bytes; }
  // Else all that there was until its end is the range.
  bool hashes_apart() const { return range().begin > 0; }
  std::uint64_t next_border() const {
    if (is_past_ranges()) return UINT64_MAX;
    return range().begin + (is_in_range() ? range().bytes : 0);
  }

  const std::vector<MappedRange>& ranges_;
  digest::Hasher whole_;
  digest::Hasher range_;
  std::uint64_t at_ = 0;  // bytes from the start of the image
  ImageDigests digests_;
};

// Of at least one byte: the first one is, and each is what the one before it is.
bool is_zeros(ByteView bytes) {
  return bytes[0] == std::byte{0} && std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0;
}

// Writes into a new file, and leaves blocks of zeros out.
class SparseSink final : public ByteSink {
 public:
  explicit SparseSink(File& file) : file_(file) {}

  void write(ByteView bytes) override {
    if (is_zeros(bytes)) {
      is_behind_ = true;
    } else {
      if (is_behind_) file_.seek(at_);
      file_.write(bytes);
      is_behind_ = false;
    }
    at_ += bytes.size();
  }

 private:
  File& file_;
  std::uint64_t at_ = 0;
  bool is_behind_ = false;  // the file's own position
};

void write_to(const std::vector<ByteSink*>& sinks, Image& image, const std::string& task, const Run& run) {
  const auto total = image.outline().bytes;
  const auto bytes = image.open(run.stop);
  std::uint64_t done = 0;
  for (auto block = bytes->next(); !block.empty(); block = bytes->next()) {
    for (auto* sink : sinks) sink->write(block);
    run.reporter.on(Progressed{task, done += block.size(), total});
  }
  run.reporter.on(Finished{task});
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
  if (path.empty()) refuse("its name is empty", "name a file, such as --out stick.img");
  if (!path.has_filename() || fs::is_directory(path, ignored))
    refuse("it is a directory", "name a file, such as --out stick.img");
  if (fs::exists(path, ignored) && !fs::is_regular_file(path, ignored))
    refuse("it is not a file", "name a file; with --out - the image goes to standard output");
  if (!fs::is_directory(directory_of(path), ignored))
    refuse("its directory does not exist", "make the directory first");
  if (stands_for_device(directory_of(path)))
    refuse("what lies below /dev stands for devices",
           "name a file elsewhere, and write it to the device with `gopack flash`");
}

void write_image(Image& image, ByteSink& out, const std::string& task, const Run& run) {
  write_to({&out}, image, task, run);
}

ImageDigests write_image_file(Image& image, const fs::path& path, const ImageFileOptions& options,
                              const Run& run) {
  const auto dir = Dir::open(directory_of(path));
  const auto name = path.filename().string();
  require_room(dir, path, image.outline().mapped_bytes());
  ReplacingFile raw(dir, name);
  raw.file().truncate(image.outline().bytes);
  SparseSink sparse(raw.file());
  ImageHasher hasher(image.outline());
  std::vector<ByteSink*> sinks = {&sparse, &hasher};
  std::optional<ReplacingFile> packed;
  std::optional<SeekableZstd> zstd;
  if (options.is_compressed) sinks.push_back(&zstd.emplace(packed.emplace(dir, name + ".zst").file()));
  write_to(sinks, image, name, run);
  auto digests = hasher.finish();
  if (packed && zstd) {
    zstd->finish();
    packed->commit(options.sync);
  } else if (dir.find(name + ".zst")) {
    dir.remove_file(name + ".zst");  // of an image that was there before
  }
  replace_text(dir, name + ".sha256", fmt::format("{}  {}\n", digests.whole.hex(), name), options.sync);
  replace_text(dir, name + ".bmap", block_map(image.outline(), digests.mapped), options.sync);
  replace_text(dir, name + ".json", options.describe(digests), options.sync);
  raw.commit(options.sync);
  return digests;
}

}  // namespace gopack::image
