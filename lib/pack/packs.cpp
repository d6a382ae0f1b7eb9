#include "gopack/pack/packs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "gopack/base/error.hpp"
#include "gopack/base/parallel.hpp"
#include "gopack/base/read_ahead.hpp"
#include "gopack/base/report.hpp"
#include "gopack/tree/dir_chain.hpp"
#include "zstd_stream.hpp"

namespace gopack::pack {

namespace {

constexpr int kLevel = 10;  // of packs: 12 takes twice the memory for 0.3 % less, 19 ten times as long
constexpr unsigned kMostPackers = 2;  // threads, of 40 MB each
constexpr int kTextLevel = 19;        // of small texts

constexpr const char* kFiles = "vnd.gopack.pack.files";

std::string_view top_of(const tree::ManifestFile& file) {
  const std::string_view path = file.path.text();
  return path.substr(0, path.find('/'));
}

// The next `size` bytes of a stream that has more.
class Part final : public ByteSource {
 public:
  Part(ByteSource& from, ByteView& held, std::uint64_t size) : from_(from), held_(held), left_(size) {}

  ByteView next() override {
    if (left_ == 0) return {};
    if (held_.empty()) held_ = from_.next();
    if (held_.empty()) throw Error(ErrorKind::integrity, "a pack ends too early");
    const auto taken = held_.first(std::min<std::uint64_t>(held_.size(), left_));
    held_ = held_.subspan(taken.size());
    left_ -= taken.size();
    return taken;
  }

  void skip_rest() {
    while (!next().empty()) continue;
  }

 private:
  ByteSource& from_;
  ByteView& held_;  // what has come and was not taken yet
  std::uint64_t left_;
};

std::uint64_t bytes_of(std::span<const tree::ManifestFile> files) {
  std::uint64_t bytes = 0;
  for (const auto& file : files) bytes += file.size;
  return bytes;
}

// Reads one file, proves it, and gives it to the compressor.
void add_file(const Dir& directory, const tree::ManifestFile& file, Compressor& to) {
  auto content = directory.open_file(std::string(file.path.name()));
  FileSource source(content);
  digest::Hasher hasher;
  std::uint64_t size = 0;
  for (auto block = source.next(); !block.empty(); block = source.next()) {
    size += block.size();
    if (size > file.size) break;  // the frame has room for what was announced
    hasher.write(block);
    to.write(block);
  }
  if (size != file.size || hasher.finish() != file.sha256) {
    throw Error(ErrorKind::integrity,
                fmt::format("cannot pack {}: it is not what the manifest says", file.path.text()));
  }
}

void write_pack(std::span<const tree::ManifestFile> files, const Dir& tree, ByteSink& to,
                const std::stop_token& stop) {
  tree::DirChain directories(Dir::open(tree.path()));
  Compressor compressor(to, kLevel, bytes_of(files));
  for (const auto& file : files) {
    throw_if_stopped(stop);
    add_file(directories.open(file.path.parent()), file, compressor);
  }
  compressor.finish();
}

std::size_t count_of(const Descriptor& blob) {
  const auto at = blob.annotations.find(kFiles);
  const std::string text = at == blob.annotations.end() ? "" : at->second;
  std::size_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error == std::errc() && end == text.data() + text.size() && count > 0) return count;
  throw Error(ErrorKind::integrity, fmt::format("a pack does not say how many files it has ({})", kFiles));
}

bool is_in(const std::vector<tree::ManifestFile>& sorted, const tree::ManifestFile& file) {
  const auto at = std::lower_bound(sorted.begin(), sorted.end(), file,
                                   [](const auto& a, const auto& b) { return a.path < b.path; });
  return at != sorted.end() && at->path == file.path;
}

void read_pack(ByteSource& from, std::span<const tree::ManifestFile> files,
               const std::vector<tree::ManifestFile>& wanted, tree::TreeSink& sink) {
  Decompressor decompressor(from);
  ReadAhead blocks(decompressor);
  ByteView held;
  for (const auto& file : files) {
    Part part(blocks, held, file.size);
    if (is_in(wanted, file))
      sink.add({.path = file.path, .executable = file.executable, .size = file.size}, part);
    part.skip_rest();
  }
  if (!held.empty() || !blocks.next().empty())
    throw Error(ErrorKind::integrity, "a pack has more than its files");
}

}  // namespace

std::vector<std::size_t> plan_packs(const std::vector<tree::ManifestFile>& files) {
  std::vector<std::size_t> counts;
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const bool fits =
        i > 0 && bytes + files[i].size <= kPackBytes && top_of(files[i]) == top_of(files[i - 1]);
    if (!fits) {
      counts.push_back(0);
      bytes = 0;
    }
    ++counts.back();
    bytes += files[i].size;
  }
  return counts;
}

std::vector<Descriptor> put_packs(const std::vector<tree::ManifestFile>& files, const Dir& tree,
                                  const Layout& layout, const Run& run) {
  std::vector<std::span<const tree::ManifestFile>> parts;
  std::span rest(files);
  for (const auto count : plan_packs(files)) {
    parts.push_back(rest.first(count));
    rest = rest.subspan(count);
  }
  std::vector<Descriptor> packs(parts.size());
  run_parallel(parts.size(), std::min(run.jobs, kMostPackers), [&](std::size_t i) {
    packs[i] = layout.put(media_type::kPack, fmt::format("pack-{:03}.zst", i + 1),
                          [&](ByteSink& sink) { write_pack(parts[i], tree, sink, run.stop); });
    packs[i].annotations[kFiles] = std::to_string(parts[i].size());
  });
  return packs;
}

PackReader::PackReader(const Files& files, std::vector<Descriptor> blobs) {
  std::span rest(files);
  for (auto& blob : blobs) {
    const auto count = std::min(count_of(blob), rest.size());
    packs_.push_back({std::move(blob), rest.first(count)});
    rest = rest.subspan(count);
  }
}

std::uint64_t PackReader::open(const Files& wanted, const std::function<File(const Descriptor&)>& open_blob,
                               const Run& run) {
  std::vector<Pack*> needed;
  std::uint64_t bytes = 0;
  for (auto& pack : packs_) {
    if (std::none_of(pack.files.begin(), pack.files.end(),
                     [&](const auto& file) { return is_in(wanted, file); }))
      continue;
    needed.push_back(&pack);
    bytes += pack.blob.size;
  }
  run_parallel(needed.size(), run.jobs,
               [&](std::size_t i) { needed[i]->content = open_blob(needed[i]->blob); });
  return bytes;
}

void PackReader::read(const Files& wanted, tree::TreeSink& sink) {
  for (auto& pack : packs_) {
    if (!pack.content) continue;
    FileSource content(*pack.content);
    in_context(fmt::format("reading the pack {}", pack.blob.sha256.hex()),
               [&] { read_pack(content, pack.files, wanted, sink); });
  }
}

std::string compress_text(std::string_view text, std::string_view base, const std::stop_token& stop) {
  constexpr std::size_t kPiece = 256 << 10;
  StringSink compressed;
  Compressor compressor(compressed, kTextLevel, text.size(), as_bytes(base));
  for (auto rest = text; !rest.empty(); rest.remove_prefix(std::min(rest.size(), kPiece))) {
    throw_if_stopped(stop);
    compressor.write(as_bytes(rest.substr(0, kPiece)));
  }
  compressor.finish();
  return compressed.text();
}

std::string decompress_text(std::string_view compressed, std::uint64_t limit, std::string_view base) {
  MemorySource source(compressed);
  Decompressor decompressor(source, as_bytes(base));
  std::string text;
  for (auto block = decompressor.next(); !block.empty(); block = decompressor.next()) {
    if (text.size() + block.size() > limit)
      throw Error(ErrorKind::integrity, fmt::format("a text has more than {} bytes", limit));
    text += as_text(block);
  }
  return text;
}

}  // namespace gopack::pack
