// Where artifacts come from: an OCI image layout below a URL, or a registry. Private to workflow.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "gopack/pack/oci.hpp"
#include "gopack/workflow/session.hpp"

namespace gopack::workflow {

class ArtifactSource {
 public:
  virtual ~ArtifactSource() = default;
  // Throws Error (unreachable).
  virtual std::string index() const = 0;
  // The whole manifest of an artifact, or a small blob. Throws Error: unreachable, integrity.
  virtual std::string manifest(const pack::Descriptor& artifact) const = 0;
  virtual std::string text(const pack::Descriptor& blob, std::uint64_t limit) const = 0;
  // A blob as a file. Where the source is a directory its content is not proved yet.
  virtual File open(const pack::Descriptor& blob) const = 0;
  // For people.
  virtual std::string name() const = 0;
};

// `source`: a directory, an http, https or file URL, or a repository ("oci://host/name"). Blobs that come
// over the network are kept in the store meanwhile (store/incoming.hpp). The session outlives what is
// returned.
std::unique_ptr<ArtifactSource> open_source(const Session& session, const std::string& source);

}  // namespace gopack::workflow
