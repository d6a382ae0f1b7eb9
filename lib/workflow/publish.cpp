#include "gopack/workflow/publish.hpp"

#include <fmt/format.h>

#include <atomic>

#include "artifact_target.hpp"
#include "gopack/base/error.hpp"
#include "gopack/base/parallel.hpp"
#include "gopack/base/replace.hpp"
#include "gopack/pack/layout.hpp"

namespace gopack::workflow {

namespace {

constexpr const char* kTask = "publishing";

Error damaged(const Dir& layout, const pack::Descriptor& blob) {
  return Error(ErrorKind::integrity, fmt::format("cannot publish {}: {} is missing or damaged",
                                                 printable(layout.path()), pack::blob_path(blob.sha256)))
      .with_hint("pack the trees again");
}

class Publisher {
 public:
  Publisher(const Means& means, const PublishOptions& options)
      : means_(means), options_(options), layout_(Dir::open(options.layout)) {}

  Published run() {
    const auto text = find_text(layout_, pack::kIndexFile, pack::kLargestDocument);
    if (!text) {
      throw Error(ErrorKind::usage,
                  fmt::format("cannot publish {}: it has no {}", printable(layout_.path()), pack::kIndexFile))
          .with_hint("name a directory that `gopack pack` has written");
    }
    auto offers = in_context(fmt::format("reading {}", printable(layout_.path() / pack::kIndexFile)),
                             [&] { return pack::read_offers(*text); });
    target_ = open_artifact_target(means_, options_.to);
    for (const auto& tree : offers.trees) total_ += tree.bytes;
    for (const auto& delta : offers.deltas) total_ += delta.bytes;
    means_.reporter.on(Started{kTask, total_});
    Published published{.to = target_->name(), .trees = {}, .deltas = {}};
    for (auto& tree : offers.trees) {
      const auto sent = put(tree.artifact);
      published.trees.push_back({std::move(tree), sent});
    }
    for (auto& delta : offers.deltas) {
      const auto sent = put(delta.artifact);
      published.deltas.push_back({std::move(delta), sent});
    }
    for (const auto& [artifact, manifest] : manifests_) target_->put_artifact(artifact, manifest);
    target_->finish();
    means_.reporter.on(Finished{kTask});
    return published;
  }

 private:
  struct Manifest {
    pack::Descriptor artifact;
    std::string text;
  };

  // Proved: a registry would say no more than that something is wrong.
  File open(const pack::Descriptor& blob) const {
    const auto path = layout_.path() / pack::blob_path(blob.sha256);
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(path, ignored)) throw damaged(layout_, blob);
    auto file = File::open(path);
    if (!pack::is_content(blob, file)) throw damaged(layout_, blob);
    file.seek(0);
    return file;
  }

  Sent put(const pack::Descriptor& artifact) {
    auto file = open(artifact);
    FileSource source(file);
    auto text = read_all(source, pack::kLargestDocument);
    auto blobs = pack::Artifact::from_json(text).layers;
    blobs.push_back(pack::empty_config());
    std::atomic<std::size_t> count = 0;
    std::atomic<std::uint64_t> bytes = 0;
    run_parallel(blobs.size(), means_.jobs, [&](std::size_t i) {
      throw_if_stopped(means_.stop);
      auto content = open(blobs[i]);
      if (target_->put_blob(blobs[i], content)) {
        ++count;
        bytes += blobs[i].size;
      }
      done_ += blobs[i].size;
      means_.reporter.on(Progressed{kTask, std::min<std::uint64_t>(done_, total_), total_});
    });
    manifests_.push_back({artifact, std::move(text)});
    return {count, bytes};
  }

  const Means& means_;
  const PublishOptions& options_;
  Dir layout_;
  std::unique_ptr<ArtifactTarget> target_;
  std::vector<Manifest> manifests_;
  std::uint64_t total_ = 0;
  std::atomic<std::uint64_t> done_ = 0;
};

}  // namespace

Published publish(const Means& means, const PublishOptions& options) {
  return Publisher(means, options).run();
}

}  // namespace gopack::workflow
