#include "artifact_source.hpp"

#include <fmt/format.h>

#include "gopack/base/error.hpp"
#include "gopack/base/user_directories.hpp"
#include "gopack/pack/layout.hpp"
#include "gopack/registry/repository.hpp"
#include "gopack/store/incoming.hpp"

namespace gopack::workflow {

namespace {

constexpr const char* kHint =
    "name a directory that `gopack pack` has written, or its URL; nothing comes over the network with "
    "--offline";

transport::Url parse_source(const std::string& text) {
  if (text.find("://") != std::string::npos) return transport::Url::parse(text);
  const auto path = std::filesystem::absolute(user_path(text)).lexically_normal();
  if (std::filesystem::exists(path / pack::kIndexFile))
    return transport::Url::from_path(path.generic_string());
  throw Error(ErrorKind::unreachable,
              fmt::format("cannot pull from {}: there is no {}", printable(path), pack::kIndexFile))
      .with_hint(kHint);
}

class LayoutSource final : public ArtifactSource {
 public:
  LayoutSource(const Session& session, const std::string& source)
      : session_(session), url_(parse_source(source)) {}

  std::string index() const override { return get(url_ / pack::kIndexFile, pack::kLargestDocument); }

  std::string manifest(const pack::Descriptor& artifact) const override {
    return text(artifact, pack::kLargestDocument);
  }

  std::string text(const pack::Descriptor& blob, std::uint64_t limit) const override {
    const auto place = url_ / pack::blob_path(blob.sha256);
    if (blob.size > limit) {
      throw Error(ErrorKind::integrity, fmt::format("cannot pull {}: it has {} bytes, {} are allowed",
                                                    place.text(), blob.size, limit));
    }
    auto text = get(place, limit);
    pack::require_content(blob, text, fmt::format("pull {}", place.text()));
    return text;
  }

  File open(const pack::Descriptor& blob) const override {
    const auto place = url_ / pack::blob_path(blob.sha256);
    if (place.is_file()) {
      std::error_code ignored;
      if (std::filesystem::is_regular_file(place.file_path(), ignored)) return File::open(place.file_path());
      throw Error(ErrorKind::unreachable, fmt::format("cannot read {}: there is no such file", place.text()))
          .with_hint(kHint);
    }
    const auto scratch = store::incoming(session_.store);
    const auto part = session_.transport.download({.url = place,
                                                   .file = blob.sha256.hex(),
                                                   .size = blob.size,
                                                   .max_size = blob.size,
                                                   .sha256 = blob.sha256},
                                                  scratch);
    return scratch.open_file(part.part);
  }

  std::string name() const override { return url_.text(); }

 private:
  std::string get(const transport::Url& place, std::uint64_t limit) const {
    try {
      return session_.transport.get(place, limit);
    } catch (Error& error) {
      if (error.kind() == ErrorKind::unreachable) error.with_hint(kHint);
      throw;
    }
  }

  const Session& session_;
  transport::Url url_;
};

class RegistrySource final : public ArtifactSource {
 public:
  RegistrySource(const Session& session, const std::string& source)
      : session_(session), repository_(registry::Reference::parse(source), session.transport, session.stop) {}

  std::string index() const override {
    const auto& tag = repository_.reference().tag;
    if (auto index = repository_.find_manifest(tag)) return *std::move(index);
    throw Error(ErrorKind::unreachable, fmt::format("cannot pull from {}: there is no such tag", name()))
        .with_hint("`gopack publish` writes trees to a repository");
  }

  std::string manifest(const pack::Descriptor& artifact) const override {
    return repository_.manifest(artifact);
  }

  std::string text(const pack::Descriptor& blob, std::uint64_t limit) const override {
    return repository_.blob(blob, limit);
  }

  File open(const pack::Descriptor& blob) const override {
    const auto scratch = store::incoming(session_.store);
    return scratch.open_file(repository_.download(blob, scratch).part);
  }

  std::string name() const override { return repository_.reference().text(); }

 private:
  const Session& session_;
  registry::Repository repository_;
};

}  // namespace

std::unique_ptr<ArtifactSource> open_source(const Session& session, const std::string& source) {
  if (registry::Reference::is_one(source)) return std::make_unique<RegistrySource>(session, source);
  return std::make_unique<LayoutSource>(session, source);
}

}  // namespace gopack::workflow
