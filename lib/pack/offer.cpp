#include "gopack/pack/offer.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>
#include <sstream>

#include "gopack/base/error.hpp"

namespace gopack::pack {

namespace {

constexpr const char* kTree = "vnd.gopack.tree";
constexpr const char* kRelease = "vnd.gopack.release";
constexpr const char* kProfile = "vnd.gopack.profile";
constexpr const char* kPlatforms = "vnd.gopack.platforms";
constexpr const char* kStripped = "vnd.gopack.stripped";
constexpr const char* kBytes = "vnd.gopack.bytes";
constexpr const char* kFrom = "vnd.gopack.delta.from";
constexpr const char* kCreated = "org.opencontainers.image.created";
constexpr const char* kImageTitle = "org.opencontainers.image.title";
constexpr std::size_t kPart = 12;  // digits of a tree's name in the ref of a delta
constexpr const char* kVersion = "org.opencontainers.image.version";

std::string value(const Descriptor& descriptor, const char* key) {
  const auto at = descriptor.annotations.find(key);
  if (at != descriptor.annotations.end()) return at->second;
  throw Error(ErrorKind::integrity, fmt::format("cannot read an index: an entry lacks {}", key));
}

tree::StoreId id_of(const Descriptor& descriptor, const char* key) {
  const auto text = value(descriptor, key);
  if (tree::StoreId::is_valid(text)) return tree::StoreId(text);
  throw Error(ErrorKind::integrity,
              fmt::format("cannot read an index: \"{}\" is not the name of a tree", printable(text)));
}

std::uint64_t bytes_of(const Descriptor& descriptor) {
  const auto text = value(descriptor, kBytes);
  std::uint64_t bytes = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bytes);
  if (error == std::errc() && end == text.data() + text.size()) return bytes;
  throw Error(ErrorKind::integrity,
              fmt::format("cannot read an index: \"{}\" is not a number of bytes", printable(text)));
}

TreeOffer read_tree(const Descriptor& descriptor) {
  tree::Manifest head;
  head.release = value(descriptor, kRelease);
  head.profile = value(descriptor, kProfile);
  head.stripped = value(descriptor, kStripped) == "true";
  std::istringstream platforms(value(descriptor, kPlatforms));
  for (std::string platform; std::getline(platforms, platform, ',');) head.platforms.push_back(platform);
  return {std::move(head), id_of(descriptor, kTree), descriptor, bytes_of(descriptor)};
}

}  // namespace

const DeltaOffer* Offers::find_delta(const std::vector<tree::StoreId>& from, const tree::StoreId& to,
                                     std::uint64_t whole) const {
  const DeltaOffer* best = nullptr;
  for (const auto& delta : deltas) {
    const bool is_useful = delta.to == to && delta.bytes <= most_of_delta(whole) &&
                           std::find(from.begin(), from.end(), delta.from) != from.end();
    if (is_useful && (best == nullptr || delta.bytes < best->bytes)) best = &delta;
  }
  return best;
}

Offers read_offers(std::string_view index) {
  Offers offers;
  for (const auto& descriptor : index_from_json(index)) {
    if (descriptor.artifact_type == media_type::kTree) offers.trees.push_back(read_tree(descriptor));
    if (descriptor.artifact_type == media_type::kDelta) {
      offers.deltas.push_back(
          {id_of(descriptor, kFrom), id_of(descriptor, kTree), descriptor, bytes_of(descriptor)});
    }
  }
  return offers;
}

std::uint64_t most_of_delta(std::uint64_t whole) {
  return whole / 2;
}

Annotations annotate(const tree::Manifest& manifest, std::uint64_t bytes, std::optional<std::int64_t> time) {
  Annotations annotations{{kTree, manifest.id().text()},
                          {kRelease, manifest.release},
                          {kProfile, manifest.profile},
                          {kPlatforms, fmt::format("{}", fmt::join(manifest.platforms, ","))},
                          {kStripped, manifest.stripped ? "true" : "false"},
                          {kBytes, std::to_string(bytes)},
                          {kImageTitle, fmt::format("{} {} for {}", manifest.release, manifest.profile,
                                                    fmt::join(manifest.platforms, ", "))},
                          {kVersion, manifest.release.substr(std::string_view("go").size())}};
  if (time) annotations[kCreated] = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(*time));
  return annotations;
}

Annotations annotate(const Delta& delta, std::uint64_t bytes) {
  return {{kFrom, delta.from.text()}, {kTree, delta.to.text()}, {kBytes, std::to_string(bytes)}};
}

bool is_ref(std::string_view text) {
  if (tree::StoreId::is_valid(std::string(text))) return true;
  const auto is_part = [](std::string_view part) {
    return part.size() == kPart && part.find_first_not_of("0123456789abcdef") == part.npos;
  };
  return text.size() == 2 * kPart + 3 && text.starts_with("d-") && text[kPart + 2] == '-' &&
         is_part(text.substr(2, kPart)) && is_part(text.substr(kPart + 3));
}

std::string ref_of(const Delta& delta) {
  const auto part = [](const tree::StoreId& id) { return id.text().substr(2, kPart); };
  return fmt::format("d-{}-{}", part(delta.from), part(delta.to));
}

}  // namespace gopack::pack
