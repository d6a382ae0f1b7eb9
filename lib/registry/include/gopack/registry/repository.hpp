// One repository of a registry (OCI Distribution Specification 1.1): blobs, manifests and tags. Safe for
// concurrent use. Every call throws Error: unreachable, also where the registry refuses; integrity where what
// it gives is not what was asked for; interrupted.
//
// A registry may forget what has been sent of a blob when the connection ends, so a blob is sent as a whole.
// What is there already is not sent again: a publication that was cut goes on with the next blob.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "gopack/base/file.hpp"
#include "gopack/pack/oci.hpp"
#include "gopack/registry/reference.hpp"
#include "gopack/transport/transport.hpp"

namespace gopack::registry {

// A manifest, or an index.
struct Document {
  std::string media_type;
  std::string text;
};

class Repository {
 public:
  // `transport` outlives this object.
  Repository(Reference reference, transport::Transport& transport, std::stop_token stop);
  ~Repository();

  const Reference& reference() const { return reference_; }

  // By tag; nothing when the tag does not exist.
  std::optional<std::string> find_manifest(const std::string& tag) const;
  // By digest; proved.
  std::string manifest(const pack::Descriptor& descriptor) const;
  // A small blob; proved.
  std::string blob(const pack::Descriptor& descriptor, std::uint64_t limit) const;
  // Into `directory`, as transport::Transport::download does it.
  transport::Downloaded download(const pack::Descriptor& descriptor, const Dir& directory) const;

  // False when it was there.
  bool put_blob(const pack::Descriptor& descriptor, const File& content) const;
  // Under `tag`. What it names has to be there.
  void put_manifest(const std::string& tag, const Document& document) const;

  // All of them, in any order.
  std::vector<std::string> tags() const;

 private:
  class Client;
  Reference reference_;
  std::unique_ptr<Client> client_;
};

}  // namespace gopack::registry
