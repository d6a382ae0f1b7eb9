// Where artifacts come from: an OCI image layout below a URL. Private to workflow.
#pragma once

#include <cstdint>
#include <string>

#include "gopack/pack/oci.hpp"
#include "gopack/workflow/session.hpp"

namespace gopack::workflow {

class ArtifactSource {
 public:
  // `source`: a directory, or an http, https or file URL. Blobs that come over the network are kept in
  // the store meanwhile (store/incoming.hpp). The session outlives this object.
  ArtifactSource(const Session& session, const std::string& source);

  // Throws Error (unreachable).
  std::string index() const;
  // The whole blob. Throws Error: unreachable, integrity.
  std::string text(const pack::Descriptor& blob, std::uint64_t limit) const;
  // The same as a file. Where the source is a directory its content is not proved yet.
  File open(const pack::Descriptor& blob) const;
  // For people.
  std::string name() const { return url_.text(); }

 private:
  std::string get(const transport::Url& place, std::uint64_t limit) const;

  const Session& session_;
  transport::Url url_;
};

}  // namespace gopack::workflow
