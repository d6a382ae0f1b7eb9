#include "artifact_source.hpp"

#include <fmt/format.h>

#include "gopack/base/error.hpp"
#include "gopack/base/user_directories.hpp"
#include "gopack/pack/layout.hpp"
#include "gopack/store/incoming.hpp"

namespace gopack::workflow {

namespace {

constexpr std::uint64_t kLargestIndex = 4 << 20;  // bytes

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

}  // namespace

ArtifactSource::ArtifactSource(const Session& session, const std::string& source)
    : session_(session), url_(parse_source(source)) {}

std::string ArtifactSource::get(const transport::Url& place, std::uint64_t limit) const {
  try {
    return session_.transport.get(place, limit);
  } catch (Error& error) {
    if (error.kind() == ErrorKind::unreachable) error.with_hint(kHint);
    throw;
  }
}

std::string ArtifactSource::index() const {
  return get(url_ / pack::kIndexFile, kLargestIndex);
}

std::string ArtifactSource::text(const pack::Descriptor& blob, std::uint64_t limit) const {
  const auto place = url_ / pack::blob_path(blob.sha256);
  if (blob.size > limit) {
    throw Error(ErrorKind::integrity, fmt::format("cannot pull {}: it has {} bytes, {} are allowed",
                                                  place.text(), blob.size, limit));
  }
  auto text = get(place, limit);
  if (text.size() != blob.size || digest::hash(text) != blob.sha256) {
    throw Error(ErrorKind::integrity,
                fmt::format("cannot pull {}: expected {} bytes with that SHA-256, found {} with {}",
                            place.text(), blob.size, text.size(), digest::hash(text).hex()));
  }
  return text;
}

File ArtifactSource::open(const pack::Descriptor& blob) const {
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

}  // namespace gopack::workflow
