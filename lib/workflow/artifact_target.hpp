// Where artifacts go: a directory, or a registry. Private to workflow.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "gopack/pack/oci.hpp"
#include "gopack/workflow/session.hpp"

namespace gopack::workflow {

class ArtifactTarget {
 public:
  virtual ~ArtifactTarget() = default;
  // Any number of threads may put blobs. False when it was there.
  virtual bool put_blob(const pack::Descriptor& blob, File& content) = 0;
  // Its blobs are there. What has been put under that ref before is replaced.
  virtual void put_artifact(const pack::Descriptor& artifact, const std::string& manifest) = 0;
  // The index names what was put as well, and all that others have put meanwhile.
  virtual void finish() = 0;
  // For people.
  virtual std::string name() const = 0;
};

// `to`: a directory, or "oci://host/name". Throws Error (usage, busy). What `means` names outlives it.
std::unique_ptr<ArtifactTarget> open_artifact_target(const Means& means, const std::string& to);

}  // namespace gopack::workflow
