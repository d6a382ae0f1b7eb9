// The documents of an OCI image layout (OCI Image Format 1.1, https://github.com/opencontainers/image-spec):
// descriptors, manifests of artifacts, and the index of a layout. What gopack puts into them is in
// docs/formats.md. Pure; the same content gives the same bytes.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "gopack/base/file.hpp"
#include "gopack/digest/sha256.hpp"

namespace gopack::pack {

namespace media_type {
inline constexpr const char* kImageManifest = "application/vnd.oci.image.manifest.v1+json";
inline constexpr const char* kImageIndex = "application/vnd.oci.image.index.v1+json";
inline constexpr const char* kEmpty = "application/vnd.oci.empty.v1+json";
inline constexpr const char* kTree = "application/vnd.gopack.tree.v1+json";    // an artifact
inline constexpr const char* kDelta = "application/vnd.gopack.delta.v1+json";  // an artifact
inline constexpr const char* kTreeManifest = "application/vnd.gopack.tree.manifest.v1+zstd";
inline constexpr const char* kPack = "application/vnd.gopack.pack.v1+zstd";
inline constexpr const char* kOperations = "application/vnd.gopack.delta.operations.v1+json";
inline constexpr const char* kDeltaData = "application/vnd.gopack.delta.data.v1";
inline constexpr const char* kSignature = "application/vnd.gopack.signature.v1";  // a ".minisig"
inline constexpr const char* kSbom = "application/vnd.cyclonedx+json";
inline constexpr const char* kProvenance = "application/vnd.in-toto+json";
inline constexpr const char* kSigstoreBundle = "application/vnd.dev.sigstore.bundle.v0.3+json";
}  // namespace media_type

// Of an index, a manifest or a list of operations: registries take no larger ones.
inline constexpr std::uint64_t kLargestDocument = 4 << 20;  // bytes

// The config of every artifact, a blob as well.
inline constexpr std::string_view kEmptyConfig = "{}";

using Annotations = std::map<std::string, std::string>;

struct Descriptor {
  std::string media_type;
  digest::Sha256 sha256;
  std::uint64_t size = 0;     // bytes
  std::string artifact_type;  // of a manifest, in an index; may be empty
  Annotations annotations;
  std::string foreign =
      {};  // what an index says of something that is not gopack's, as JSON: all else is empty

  bool operator==(const Descriptor&) const = default;
};

Descriptor empty_config();

// Whether an artifact of that type is gopack's: a tree, or a delta.
bool is_known_type(std::string_view artifact_type);

// Whether those are the descriptor's bytes.
bool is_content(const Descriptor& descriptor, std::string_view bytes);
// The same of a file, from its start to its end.
bool is_content(const Descriptor& descriptor, File& file);
// Throws Error (integrity) "cannot <what>: expected …" for anything else.
void require_content(const Descriptor& descriptor, std::string_view bytes, const std::string& what);

// The manifest of an artifact: its config is the empty object.
struct Artifact {
  std::string type;
  std::vector<Descriptor> layers;
  Annotations annotations;

  std::string to_json() const;
  // Throws Error (integrity).
  static Artifact from_json(std::string_view text);
  // The layers of that type, in order.
  std::vector<Descriptor> layers_of(std::string_view type) const;
  // The only one of that type. Throws Error (integrity) when there is none, or several.
  Descriptor layer_of(std::string_view type) const;
};

// How an index names an artifact whose manifest that text is: with its annotations, and with `ref`, by which
// it is known (org.opencontainers.image.ref.name; a tag in a registry). Throws Error (integrity).
Descriptor describe_manifest(std::string_view manifest, const std::string& ref);
// Empty for a descriptor without one.
std::string ref_of(const Descriptor& descriptor);
// Adds `others`, which are gopack's, each in place of one of the same type and ref.
void merge_into(std::vector<Descriptor>& manifests, const std::vector<Descriptor>& others);

// The index.json of a layout.
std::string index_to_json(std::vector<Descriptor> manifests);
// Throws Error (integrity).
std::vector<Descriptor> index_from_json(std::string_view text);

}  // namespace gopack::pack
