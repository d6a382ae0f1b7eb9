#include "gopack/pack/layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "gopack/base/error.hpp"
#include "gopack/base/file_lock.hpp"
#include "gopack/base/filesystem.hpp"
#include "gopack/base/replace.hpp"

namespace gopack::pack {

namespace {

constexpr const char* kLayoutFile = "oci-layout";
constexpr const char* kLayoutText = "{\"imageLayoutVersion\":\"1.0.0\"}";
constexpr const char* kTitle = "org.opencontainers.image.title";
constexpr const char* kNewBlob = "blob";
constexpr std::uint64_t kLargestIndex = 16 << 20;  // bytes

// Hashes and counts on the way to a file.
class BlobSink final : public ByteSink {
 public:
  explicit BlobSink(File& file) : file_(file) {}
  void write(ByteView bytes) override {
    hasher_.write(bytes);
    size_ += bytes.size();
    file_.write(bytes);
  }
  Descriptor finish(std::string_view media_type) {
    return {std::string(media_type), hasher_.finish(), size_, {}, {}};
  }

 private:
  File& file_;
  digest::Hasher hasher_;
  std::uint64_t size_ = 0;
};

}  // namespace

std::string blob_path(const digest::Sha256& sha256) {
  return "blobs/sha256/" + sha256.hex();
}

Layout Layout::ensure(const std::filesystem::path& directory) {
  auto root = Dir::ensure(directory);
  if (!root.find(kLayoutFile) && !root.names().empty()) {
    throw Error(ErrorKind::usage,
                fmt::format("cannot write packs to {}: it has files and is not an OCI image layout",
                            printable(directory)))
        .with_hint("name a new or empty directory");
  }
  return Layout(std::move(root));
}

Layout::Layout(Dir root)
    : root_(std::move(root)),
      blobs_(root_.ensure_dir("blobs").ensure_dir("sha256")),
      lock_(root_.open_or_create(kLayoutFile)) {
  if (try_lock(lock_, LockMode::exclusive).outcome == LockAttempt::Outcome::held) {
    throw Error(ErrorKind::busy,
                fmt::format("cannot write packs to {}: another gopack does so", printable(root_.path())));
  }
  if (lock_.status().size != std::string_view(kLayoutText).size()) {
    lock_.truncate(0);
    lock_.write(as_bytes(kLayoutText));
  }
  if (const auto text = find_text(root_, kIndexFile, kLargestIndex)) {
    manifests_ = in_context(fmt::format("reading {}", printable(root_.path() / kIndexFile)),
                            [&] { return index_from_json(*text); });
  }
  former_ = manifests_;
}

void Layout::remove_unused() const {
  std::set<std::string> used{digest::hash(kEmptyConfig).hex()};
  auto manifests = manifests_;
  manifests.insert(manifests.end(), former_.begin(), former_.end());
  for (const auto& manifest : manifests) {
    if (!manifest.foreign.empty()) return;  // which blobs it has is not known
    used.insert(manifest.sha256.hex());
    const auto text = find_text(blobs_, manifest.sha256.hex(), kLargestIndex);
    if (!text) continue;
    for (const auto& layer : Artifact::from_json(*text).layers) used.insert(layer.sha256.hex());
  }
  for (const auto& name : blobs_.names()) {
    const bool is_ours = digest::Sha256::try_parse(name) || find_replaced(name) == kNewBlob;
    if (is_ours && !used.contains(name)) blobs_.remove_file(name);
  }
}

Descriptor Layout::put(std::string_view media_type, const std::string& title,
                       std::string_view content) const {
  return put(media_type, title, [&](ByteSink& to) { to.write(as_bytes(content)); });
}

Descriptor Layout::put(std::string_view media_type, const std::string& title,
                       const std::function<void(ByteSink&)>& write) const {
  ReplacingFile replacing(blobs_, kNewBlob);
  BlobSink sink(replacing.file());
  write(sink);
  auto descriptor = sink.finish(media_type);
  descriptor.annotations[kTitle] = title;
  replacing.commit_as(descriptor.sha256.hex(), false);
  return descriptor;
}

bool Layout::has(const Descriptor& blob) const {
  auto file = blobs_.try_open_file(blob.sha256.hex());
  return file && is_content(blob, *file);
}

void Layout::add(std::string_view manifest, const std::string& ref) {
  put(media_type::kImageManifest, "", manifest);
  merge_into(manifests_, {describe_manifest(manifest, ref)});
}

void Layout::commit() {
  remove_unused();
  put(media_type::kEmpty, "", kEmptyConfig);
  sync_filesystem(root_);
  replace_text(root_, kIndexFile, index_to_json(manifests_), true);
}

}  // namespace gopack::pack
