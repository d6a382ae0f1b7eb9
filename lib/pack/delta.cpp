#include "gopack/pack/delta.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <set>

#include "bsdiff.hpp"
#include "gopack/base/error.hpp"
#include "gopack/base/json_size.hpp"
#include "gopack/base/parallel.hpp"
#include "gopack/pack/packs.hpp"
#include "gopack/tree/dir_chain.hpp"
#include "zstd_stream.hpp"

namespace gopack::pack {

namespace {

constexpr std::uint64_t kLargestPatch = 8 << 20;      // of a zstd-patch: base and result are in memory
constexpr std::uint64_t kSmallestDiff = 64 << 10;     // below, subtracting gains nothing
constexpr std::uint64_t kLarge = 1 << 20;             // files that are compared one at a time
constexpr std::uint64_t kLargestManifest = 64 << 20;  // bytes

using FilesByDigest = std::map<digest::Sha256, const tree::ManifestFile*>;

FilesByDigest by_digest(const tree::Manifest& manifest) {
  FilesByDigest files;
  for (const auto& file : manifest.files) files.emplace(file.sha256, &file);
  return files;
}

// A text that follows from a tree's files alone: its manifest, without what says where it came from.
std::string files_text(const tree::Manifest& manifest) {
  tree::Manifest files;
  files.files = manifest.files;
  return files.to_json();
}

File open_file(const TreeFiles& tree, const tree::ManifestFile& file) {
  tree::DirChain directories(Dir::open(tree.directory.path()));
  return directories.open(file.path.parent()).open_file(std::string(file.path.name()));
}

std::string read_whole(const TreeFiles& tree, const tree::ManifestFile& file) {
  auto content = open_file(tree, file);
  FileSource source(content);
  auto text = read_all(source, file.size);
  if (digest::hash(text) != file.sha256) {
    throw Error(ErrorKind::integrity,
                fmt::format("cannot read {}: it is not what its manifest says", file.path.text()));
  }
  return text;
}

// One content that the first tree lacks, and the file there that it is compared with.
struct Changed {
  const tree::ManifestFile* file;
  const tree::ManifestFile* base;  // null: there is no file of that path
};

std::vector<Changed> find_changed(const tree::Manifest& from, const tree::Manifest& to) {
  const auto there = by_digest(from);
  std::set<digest::Sha256> seen;
  std::vector<Changed> changed;
  for (const auto& file : to.files) {
    if (there.contains(file.sha256) || !seen.insert(file.sha256).second) continue;
    const auto* const base = from.find(file.path.text());
    changed.push_back({&file, base != nullptr && base->size > 0 ? base : nullptr});
  }
  return changed;
}

// What is smallest. Comparing large programs takes seven times their size of memory: one at a time.
class OperationMaker {
 public:
  OperationMaker(const TreeFiles& from, const TreeFiles& to, const std::stop_token& stop)
      : from_(from), to_(to), stop_(stop) {}

  std::pair<Operation, std::string> make(const Changed& changed) {
    std::unique_lock lock(one_at_a_time_, std::defer_lock);
    if (changed.file->size > kLarge) lock.lock();
    const auto target = read_whole(to_, *changed.file);
    Operation operation{.result = changed.file->sha256, .size = target.size(), .base = {}};
    std::string best;
    const auto try_codec = [&](Codec codec, std::string data) {
      if (!best.empty() && data.size() >= best.size()) return;
      best = std::move(data);
      operation.codec = codec;
      if (codec != Codec::full) operation.base = changed.base->sha256;
    };
    if (changed.base != nullptr) {
      const auto base = read_whole(from_, *changed.base);
      const auto largest = std::max(base.size(), target.size());
      if (largest <= kLargestPatch) try_codec(Codec::zstd_patch, compress_text(target, base, stop_));
      if (largest >= kSmallestDiff && largest <= kLargestDiff)
        try_codec(Codec::bsdiff, make_diff(as_bytes(base), as_bytes(target), stop_));
    }
    // Compressed by itself a file is seldom smaller than an eighth, and it takes long to see that.
    if (best.empty() || best.size() > target.size() / 8)
      try_codec(Codec::full, compress_text(target, {}, stop_));
    operation.packed = best.size();
    return {operation, std::move(best)};
  }

 private:
  TreeFiles from_;
  TreeFiles to_;
  const std::stop_token& stop_;
  std::mutex one_at_a_time_;
};

// Gives one content to all files that have it.
class Giver {
 public:
  Giver(const std::vector<tree::ManifestFile>& wanted, tree::TreeSink& sink) : sink_(sink) {
    for (const auto& file : wanted) files_.emplace(file.sha256, &file);
  }
  bool is_wanted(const digest::Sha256& sha256) const { return files_.contains(sha256); }
  std::size_t left() const { return files_.size(); }

  // `open` begins the content anew.
  void give(const digest::Sha256& sha256, const std::function<std::unique_ptr<ByteSource>()>& open) {
    const auto [first, last] = files_.equal_range(sha256);
    for (auto at = first; at != last; ++at) {
      const auto& file = *at->second;
      const auto content = open();
      sink_.add({.path = file.path, .executable = file.executable, .size = file.size}, *content);
    }
    files_.erase(first, last);
  }

 private:
  std::multimap<digest::Sha256, const tree::ManifestFile*> files_;
  tree::TreeSink& sink_;
};

// A frame that may refer to another text, and holds at most `size` bytes.
class Patch final : public ByteSource {
 public:
  Patch(std::string_view data, std::string_view base, std::uint64_t size)
      : memory_(data), bytes_(memory_, as_bytes(base)), left_(size) {}
  ByteView next() override {
    const auto block = bytes_.next();
    if (block.size() > left_) throw Error(ErrorKind::integrity, "a delta has more of a file than it says");
    left_ -= block.size();
    return block;
  }

 private:
  MemorySource memory_;
  Decompressor bytes_;
  std::uint64_t left_;
};

const tree::ManifestFile& base_of(const Operation& operation, const FilesByDigest& files) {
  const auto found = files.find(operation.base);
  if (found == files.end()) throw Error(ErrorKind::integrity, "a delta refers to a file that its base lacks");
  const auto limit = operation.codec == Codec::bsdiff ? kLargestDiff : kLargestPatch;
  if (std::max(found->second->size, operation.size) > limit)
    throw Error(ErrorKind::integrity, "a delta refers to a file that is too large");
  return *found->second;
}

}  // namespace

std::optional<Delta> make_delta(const TreeFiles& from, const TreeFiles& to, std::string& data,
                                const DeltaLimits& limits, const Run& run) {
  const auto changed = find_changed(from.manifest, to.manifest);
  std::uint64_t total = 0;
  for (const auto& one : changed) total += one.file->size;
  OperationMaker maker(from, to, run.stop);
  std::vector<std::pair<Operation, std::string>> made(changed.size());
  std::atomic<std::uint64_t> done{0};
  std::atomic<std::uint64_t> packed{0};
  run_parallel(changed.size(), run.jobs, [&](std::size_t i) {
    throw_if_stopped(run.stop);
    if (packed > limits.most) return;
    made[i] = maker.make(changed[i]);
    packed += made[i].second.size();
    run.reporter.on(Progressed{limits.task, done += changed[i].file->size, total});
  });
  run.reporter.on(Finished{limits.task});
  Delta delta{.from = from.manifest.id(), .to = to.manifest.id(), .operations = {}};
  const auto text = to.manifest.to_json();
  data = compress_text(text, files_text(from.manifest), run.stop);
  delta.manifest_size = text.size();
  delta.manifest_packed = data.size();
  if (packed + data.size() > limits.most) return std::nullopt;
  for (auto& [operation, bytes] : made) {
    delta.operations.push_back(operation);
    data += bytes;
  }
  return delta;
}

DeltaReader::DeltaReader(const Delta& delta, const TreeFiles& from, ByteSource& data)
    : delta_(delta), from_(from), data_(data) {}

std::string DeltaReader::take(std::uint64_t bytes) {
  constexpr std::uint64_t kMost = 64 << 20;
  if (bytes > kMost) throw Error(ErrorKind::integrity, "a delta has more data for a file than is allowed");
  std::string taken;
  while (taken.size() < bytes) {
    if (held_.empty()) held_ = data_.next();
    if (held_.empty()) throw Error(ErrorKind::integrity, "the data of a delta ends too early");
    const auto part = held_.first(std::min<std::uint64_t>(held_.size(), bytes - taken.size()));
    taken += as_text(part);
    held_ = held_.subspan(part.size());
  }
  return taken;
}

std::string DeltaReader::read_manifest() {
  if (delta_.manifest_size > kLargestManifest)
    throw Error(ErrorKind::integrity, "a delta has a manifest that is too large");
  return decompress_text(take(delta_.manifest_packed), delta_.manifest_size, files_text(from_.manifest));
}

void DeltaReader::read_files(const std::vector<tree::ManifestFile>& wanted, tree::TreeSink& sink) {
  const auto bases = by_digest(from_.manifest);
  Giver giver(wanted, sink);
  for (const auto& operation : delta_.operations) {
    const auto data = take(operation.packed);
    if (!giver.is_wanted(operation.result)) continue;
    if (operation.codec == Codec::full) {
      giver.give(operation.result,
                 [&] { return std::make_unique<Patch>(data, std::string_view(), operation.size); });
      continue;
    }
    const auto& base = base_of(operation, bases);
    if (operation.codec == Codec::zstd_patch) {
      const auto text = read_whole(from_, base);
      giver.give(operation.result, [&] { return std::make_unique<Patch>(data, text, operation.size); });
    } else {
      const auto file = open_file(from_, base);
      giver.give(operation.result,
                 [&] { return std::make_unique<DiffSource>(file, base.size, data, operation.size); });
    }
  }
  if (giver.left() > 0) throw Error(ErrorKind::integrity, "a delta lacks files of its result");
}

}  // namespace gopack::pack
