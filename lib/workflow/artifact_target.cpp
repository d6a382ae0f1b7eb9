#include "artifact_target.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gopack/base/error.hpp"
#include "gopack/base/user_directories.hpp"
#include "gopack/pack/layout.hpp"
#include "gopack/pack/offer.hpp"
#include "gopack/pack/static_registry.hpp"
#include "gopack/registry/repository.hpp"

namespace gopack::workflow {

namespace {

namespace type = pack::media_type;

class DirectoryTarget final : public ArtifactTarget {
 public:
  explicit DirectoryTarget(const std::string& to)
      : layout_(pack::Layout::ensure(std::filesystem::absolute(user_path(to)).lexically_normal())),
        registry_(layout_.directory()) {}

  bool put_blob(const pack::Descriptor& blob, File& content) override {
    if (layout_.has(blob)) return false;
    layout_.put(blob.media_type, "", [&](ByteSink& sink) {
      FileSource source(content);
      copy(source, sink);
    });
    return true;
  }

  void put_artifact(const pack::Descriptor& artifact, const std::string& manifest) override {
    registry_.put_manifest(pack::ref_of(artifact), manifest);
    layout_.add(manifest, pack::ref_of(artifact));
  }

  void finish() override {
    registry_.put_index(pack::index_to_json(layout_.manifests()));
    layout_.commit();
  }

  std::string name() const override { return layout_.directory().path().string(); }

 private:
  pack::Layout layout_;
  pack::StaticRegistry registry_;
};

class RegistryTarget final : public ArtifactTarget {
 public:
  RegistryTarget(const Means& means, const std::string& to)
      : repository_(registry::Reference::parse(to), means.transport, means.stop) {
    const auto& tag = repository_.reference().tag;
    if (tag != registry::kDefaultTag) prefix_ = tag + ".";
    read_index();  // before anything is sent
  }

  bool put_blob(const pack::Descriptor& blob, File& content) override {
    return repository_.put_blob(blob, content);
  }

  void put_artifact(const pack::Descriptor& artifact, const std::string& manifest) override {
    artifacts_.push_back(artifact);
    const auto tag = prefix_ + pack::ref_of(artifact);
    if (repository_.find_manifest(tag) == manifest) return;
    repository_.put_manifest(tag, {type::kImageManifest, manifest});
    if (repository_.find_manifest(tag) != manifest) throw contested();
  }

  // Registries cannot compare and swap: who writes an index may take away what somebody else has added
  // meanwhile. Each artifact has a tag of its own before it is in the index, so whoever writes last sees the
  // tags of all others, and adds what the index lacks.
  void finish() override {
    constexpr int kMostAttempts = 20;
    for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
      const auto found = read_index();
      auto wanted = found.value_or(std::vector<pack::Descriptor>());
      pack::merge_into(wanted, artifacts_);
      add_tagged(wanted);
      if (found && pack::index_to_json(*found) == pack::index_to_json(wanted)) return;
      repository_.put_manifest(repository_.reference().tag,
                               {type::kImageIndex, pack::index_to_json(std::move(wanted))});
    }
    throw contested();
  }

  std::string name() const override { return repository_.reference().text(); }

 private:
  Error contested() const {
    return Error(ErrorKind::busy, fmt::format("cannot publish to {}: somebody else publishes there", name()))
        .with_hint("run the command again");
  }

  std::optional<std::vector<pack::Descriptor>> read_index() const {
    const auto text = repository_.find_manifest(repository_.reference().tag);
    if (!text) return std::nullopt;
    try {
      return pack::index_from_json(*text);
    } catch (Error& error) {
      throw Error(ErrorKind::usage,
                  fmt::format("cannot publish to {}: there is something that is not an index", name()))
          .with_hint("name another tag: oci://host/name:tag");
    }
  }

  // What has a tag as put_artifact() makes them.
  void add_tagged(std::vector<pack::Descriptor>& manifests) const {
    for (const auto& tag : repository_.tags()) {
      const auto ref = tag.starts_with(prefix_) ? tag.substr(prefix_.size()) : std::string();
      const bool is_listed = std::any_of(manifests.begin(), manifests.end(),
                                         [&](const auto& one) { return pack::ref_of(one) == ref; });
      if (is_listed || !pack::is_ref(ref)) continue;
      const auto manifest = repository_.find_manifest(tag);
      const auto found = manifest ? try_describe(*manifest, ref) : std::nullopt;
      if (found) pack::merge_into(manifests, {*found});
    }
  }

  // Nothing for what others have put under such a tag.
  static std::optional<pack::Descriptor> try_describe(const std::string& manifest, const std::string& ref) {
    try {
      auto found = pack::describe_manifest(manifest, ref);
      return pack::is_known_type(found.artifact_type) ? std::optional(std::move(found)) : std::nullopt;
    } catch (const Error&) {
      return std::nullopt;
    }
  }

  registry::Repository repository_;
  std::vector<pack::Descriptor> artifacts_;  // that were put
  std::string prefix_;                       // of the tags of artifacts: each index has its own
};

}  // namespace

std::unique_ptr<ArtifactTarget> open_artifact_target(const Means& means, const std::string& to) {
  if (registry::Reference::is_one(to)) return std::make_unique<RegistryTarget>(means, to);
  if (to.empty() || to.find("://") != std::string::npos) {
    throw Error(
        ErrorKind::usage,
        fmt::format("cannot publish to \"{}\": it is neither a directory nor a repository", printable(to)))
        .with_hint(
            "write --to DIRECTORY or --to oci://host/name; web servers are given files by other programs");
  }
  return std::make_unique<DirectoryTarget>(to);
}

}  // namespace gopack::workflow
