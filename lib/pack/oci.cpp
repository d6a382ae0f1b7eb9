#include "gopack/pack/oci.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "gopack/base/error.hpp"
#include "gopack/base/json_fault.hpp"
#include "gopack/base/json_size.hpp"

namespace gopack::pack {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kDigestPrefix = "sha256:";
constexpr const char* kRefName = "org.opencontainers.image.ref.name";

Json to_json(const Descriptor& descriptor) {
  if (!descriptor.foreign.empty()) return Json::parse(descriptor.foreign);
  Json json{{"mediaType", descriptor.media_type},
            {"digest", fmt::format("{}{}", kDigestPrefix, descriptor.sha256.hex())},
            {"size", descriptor.size}};
  if (!descriptor.artifact_type.empty()) json["artifactType"] = descriptor.artifact_type;
  if (!descriptor.annotations.empty()) json["annotations"] = descriptor.annotations;
  return json;
}

Error malformed(std::string_view reason) {
  return {ErrorKind::integrity, fmt::format("cannot read an OCI document: {}", reason)};
}

Annotations annotations_of(const Json& json) {
  return json.contains("annotations") ? json["annotations"].get<Annotations>() : Annotations();
}

Descriptor parse_descriptor(const Json& json) {
  Descriptor descriptor;
  descriptor.media_type = json.at("mediaType");
  const std::string text = json.at("digest");
  const auto digest = text.starts_with(kDigestPrefix)
                          ? digest::Sha256::try_parse(std::string_view(text).substr(kDigestPrefix.size()))
                          : std::nullopt;
  if (!digest) throw malformed(fmt::format("\"{}\" is not a SHA-256 digest", printable(text)));
  descriptor.sha256 = *digest;
  const auto size = find_size(json.at("size"));
  if (!size) throw malformed("a size is malformed");
  descriptor.size = *size;
  if (json.contains("artifactType")) descriptor.artifact_type = json["artifactType"];
  descriptor.annotations = annotations_of(json);
  return descriptor;
}

Descriptor foreign(const Json& json) {
  Descriptor descriptor;
  descriptor.foreign = json.dump();
  return descriptor;
}

// Reads `text` by `read`; a fault of the library becomes an Error.
template <typename Read>
auto read_json(std::string_view text, Read read) {
  try {
    const auto json = Json::parse(text);
    if (json.at("schemaVersion") != 2) throw malformed("its schemaVersion is not 2");
    return read(json);
  } catch (const nlohmann::json::exception& error) {
    throw malformed(json_fault(error.id, error.what()));
  }
}

}  // namespace

Descriptor empty_config() {
  return {media_type::kEmpty, digest::hash(kEmptyConfig), kEmptyConfig.size(), {}, {}};
}

bool is_known_type(std::string_view artifact_type) {
  return artifact_type == media_type::kTree || artifact_type == media_type::kDelta;
}

bool is_content(const Descriptor& descriptor, std::string_view bytes) {
  return bytes.size() == descriptor.size && digest::hash(bytes) == descriptor.sha256;
}

bool is_content(const Descriptor& descriptor, File& file) {
  if (file.status().size != descriptor.size) return false;
  digest::Hasher hasher;
  FileSource source(file);
  copy(source, hasher);
  return hasher.finish() == descriptor.sha256;
}

void require_content(const Descriptor& descriptor, std::string_view bytes, const std::string& what) {
  if (is_content(descriptor, bytes)) return;
  throw Error(ErrorKind::integrity,
              fmt::format("cannot {}: expected {} bytes with that SHA-256, found {} with {}", what,
                          descriptor.size, bytes.size(), digest::hash(bytes).hex()));
}

std::string Artifact::to_json() const {
  Json json{{"schemaVersion", 2},
            {"mediaType", media_type::kImageManifest},
            {"artifactType", type},
            {"config", pack::to_json(empty_config())},
            {"layers", Json::array()}};
  for (const auto& layer : layers) json["layers"].push_back(pack::to_json(layer));
  json["annotations"] = annotations;
  return json.dump(2) + "\n";
}

Artifact Artifact::from_json(std::string_view text) {
  return read_json(text, [](const Json& json) {
    Artifact artifact;
    artifact.type = json.at("artifactType");
    for (const auto& layer : json.at("layers")) artifact.layers.push_back(parse_descriptor(layer));
    artifact.annotations = annotations_of(json);
    return artifact;
  });
}

std::vector<Descriptor> Artifact::layers_of(std::string_view wanted) const {
  std::vector<Descriptor> found;
  std::copy_if(layers.begin(), layers.end(), std::back_inserter(found),
               [&](const Descriptor& layer) { return layer.media_type == wanted; });
  return found;
}

Descriptor Artifact::layer_of(std::string_view wanted) const {
  auto found = layers_of(wanted);
  if (found.size() != 1)
    throw malformed(fmt::format("it has {} layers of type {}, not one", found.size(), wanted));
  return std::move(found.front());
}

Descriptor describe_manifest(std::string_view manifest, const std::string& ref) {
  auto artifact = Artifact::from_json(manifest);
  artifact.annotations[kRefName] = ref;
  return {media_type::kImageManifest, digest::hash(manifest), manifest.size(), std::move(artifact.type),
          std::move(artifact.annotations)};
}

std::string ref_of(const Descriptor& descriptor) {
  const auto at = descriptor.annotations.find(kRefName);
  return at == descriptor.annotations.end() ? "" : at->second;
}

void merge_into(std::vector<Descriptor>& manifests, const std::vector<Descriptor>& others) {
  for (const auto& other : others) {
    std::erase_if(manifests, [&](const Descriptor& one) {
      return one.foreign.empty() && one.artifact_type == other.artifact_type && ref_of(one) == ref_of(other);
    });
    manifests.push_back(other);
  }
}

std::string index_to_json(std::vector<Descriptor> manifests) {
  std::sort(manifests.begin(), manifests.end(), [](const auto& a, const auto& b) {
    return std::tie(a.artifact_type, a.annotations, a.sha256, a.foreign) <
           std::tie(b.artifact_type, b.annotations, b.sha256, b.foreign);
  });
  Json json{{"schemaVersion", 2}, {"mediaType", media_type::kImageIndex}, {"manifests", Json::array()}};
  for (const auto& manifest : manifests) json["manifests"].push_back(to_json(manifest));
  return json.dump(2) + "\n";
}

std::vector<Descriptor> index_from_json(std::string_view text) {
  return read_json(text, [](const Json& json) {
    std::vector<Descriptor> manifests;
    for (const auto& manifest : json.at("manifests")) {
      const auto type = manifest.contains("artifactType") ? manifest["artifactType"] : Json();
      const bool is_ours = type.is_string() && is_known_type(type.get<std::string>());
      manifests.push_back(is_ours ? parse_descriptor(manifest) : foreign(manifest));
    }
    return manifests;
  });
}

}  // namespace gopack::pack
